import { monotonicMs } from '../../clock.ts';
import { KeywrightError } from '../../errors.ts';
import { pauseUpTo } from '../../retry.ts';
import type { ChangeScope } from '../../store.ts';
import { systemText } from '../../token/random.ts';
import type { Driver } from './client.ts';
import { readRefusal } from './failures.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

/** A reservation expires after this, in case its process does not release it. */
const HOLD_MS = 5000;
const PATIENCE_MS = 2000;
const LONGEST_PAUSE_MS = 10;

/**
 * An empty text means that there is no holder. A client that lost the reply may send the script again: the
 * same holder then reserves the owner once more.
 */
const RESERVE = new Script(`
local held = redis.call('GET', KEYS[1]) or ''
if held ~= '' and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);
/** Makes the reservation expire at once, so that the store's user needs no right to delete. */
const FREE = new Script(
  "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '', 'PX', 1) end",
);

/**
 * Reserves the owner while `work` runs: all other changes of the owner are stale. The first commit of
 * `work` releases the owner. This only provides fairness: every commit still compares the head.
 */
export async function withHold<Result>(
  driver: Driver,
  { holdOf }: Names,
  owner: string,
  scopeOf: (holder: string) => ChangeScope,
  work: (held: ChangeScope) => Promise<Result>,
): Promise<Result> {
  const holder = systemText(22);
  const key = holdOf(owner);
  await reserve(driver, key, holder);
  const { view, commit } = scopeOf(holder);
  let isReleased = false;
  try {
    return await work({
      view,
      async commit(change) {
        const committed = await commit(change);
        if (committed.status === 'committed') isReleased = true;
        return committed;
      },
    });
  } finally {
    // If this fails, the reservation expires by itself.
    if (!isReleased) await FREE.run(driver, [key], [holder]).catch(() => {});
  }
}

async function reserve(driver: Driver, key: string, holder: string): Promise<void> {
  const end = monotonicMs() + PATIENCE_MS;
  const attempt = () => readRefusal(RESERVE.run(driver, [key], [holder, String(HOLD_MS)]));
  while (Number(await attempt()) !== 1) {
    if (monotonicMs() >= end) {
      throw new KeywrightError('change_contended', 'another change holds the owner');
    }
    await pauseUpTo(LONGEST_PAUSE_MS);
  }
}
