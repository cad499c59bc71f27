import { monotonicMs } from '../../clock.ts';
import { pauseUpTo } from '../../retry.ts';
import type { Driver } from './client.ts';
import { EPOCH_OF, TOTAL_OF } from './feed.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

const PATIENCE_MS = 2000;
const LONGEST_PAUSE_MS = 20;

/**
 * Reads the offsets of the primary and its replicas. Writes a field, so that `WAIT` on this connection has
 * a write to wait for. `WAIT` would return the same count only on the connection of the change, which may
 * have been lost since.
 */
const OFFSETS = new Script(`${TOTAL_OF}${EPOCH_OF}
local epoch, failure = epochOf(KEYS[1])
if failure then return failure end
local replication = redis.call('INFO', 'replication')
redis.call('HSET', KEYS[1], 'counted', '1')
local offsets = {}
for offset in string.gmatch(replication, 'state=online,offset=(%d+)') do
  offsets[#offsets + 1] = offset
end
return { epoch, string.match(replication, 'master_repl_offset:(%d+)'), offsets }
`);

/**
 * Whether at least `replicas` replicas have, within two seconds, all that the primary had written when this
 * was called. It must still be the primary of the epoch in which the change was written.
 */
export async function haveReplicas(
  driver: Driver,
  { feed }: Names,
  replicas: number,
  epoch: string,
): Promise<boolean> {
  const end = monotonicMs() + PATIENCE_MS;
  for (let target: number | undefined; ; ) {
    const reply = await OFFSETS.run(driver, [feed], []);
    const [present, offset, offsets] = reply as [string, string, string[]];
    if (present !== epoch) return false;
    target ??= Number(offset);
    const wanted = target;
    if (offsets.filter((has) => Number(has) >= wanted).length >= replicas) return true;
    if (monotonicMs() >= end) return false;
    // Without `WAIT`, replicas report once a second.
    await driver.askReplicas(feed, replicas).catch(() => {});
    if (offsets.length < replicas) await pauseUpTo(LONGEST_PAUSE_MS);
  }
}
