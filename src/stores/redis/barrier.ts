import { monotonicMs } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import { RATE_MARGIN } from '../rate-margin.ts';
import { pause } from '../retry.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

/** What a change waits for: the leases of generations before its own. */
export interface Outdated {
  readonly generation: string;
  /** Holder and lease by turns. */
  readonly leases: readonly string[];
}

/** Milliseconds between two looks at the leases: at first, and at most. */
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/** Lua: the generation, and then each outdated lease as its holder and what is kept of it. */
export const OUTDATED_LEASES = `
local function outdatedLeases(name, generation)
  local reply = { generation }
  local leases = redis.call('HGETALL', name)
  for i = 1, #leases, 2 do
    if tonumber(string.match(leases[i + 1], '^%d+')) < tonumber(generation) then
      reply[#reply + 1] = leases[i]
      reply[#reply + 1] = leases[i + 1]
    end
  end
  return reply
end
`;

const OUTDATED = new Script(`${OUTDATED_LEASES}
return outdatedLeases(KEYS[2], ARGV[1] or redis.call('GET', KEYS[1]) or '0')
`);

/** Drops leases, each unless it has been granted anew. */
const DROP = new Script(`
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
`);

/** Where a change waits until no cache can still hold what was before it for valid. */
export class Barrier {
  readonly #driver: Driver;
  readonly #names: Names;

  constructor(driver: Driver, names: Names) {
    this.#driver = driver;
    this.#names = names;
  }

  /** Resolves when no lease of a generation before the present one can still be in use. */
  async settled(): Promise<void> {
    await this.settle(await this.#outdated());
  }

  /**
   * Resolves when each of the leases has been renewed, given back, or has run out.
   *
   * Each was granted before it was read, so it has run out once its whole length has passed on the
   * monotonic clock of this process. The clock of the server, which may be set at any time, is not
   * asked. So the lease of a holder that ended without giving it back is waited for once, in
   * full, and then dropped.
   */
  async settle({ generation, leases }: Outdated): Promise<void> {
    const since = monotonicMs();
    let open = leases;
    for (let span = FIRST_PAUSE_MS; open.length > 0; span *= 2) {
      const left = since + longestMs(open) * RATE_MARGIN - monotonicMs();
      if (left <= 0) break;
      await pause(Math.ceil(Math.min(left, span, LONGEST_PAUSE_MS)));
      open = await this.#stillOpen(generation, open, left);
    }
    if (open.length > 0) this.#drop(open);
  }

  /** The change is made and must not fail for a server that is gone: the clock then decides. */
  async #stillOpen(
    generation: string,
    open: readonly string[],
    timeoutMs: number,
  ): Promise<readonly string[]> {
    try {
      return (await withDeadline(this.#outdated(generation), timeoutMs)).leases;
    } catch {
      return open;
    }
  }

  async #outdated(generation?: string): Promise<Outdated> {
    const args = generation === undefined ? [] : [generation];
    const keys = [this.#names.generation, this.#names.leases];
    return readOutdated(await OUTDATED.run(this.#driver, keys, args));
  }

  /** In passing, as the leases are over whether it succeeds or not. */
  #drop(leases: readonly string[]): void {
    DROP.run(this.#driver, [this.#names.leases], leases).catch(() => {});
  }
}

/** Reads the reply of `outdatedLeases`. */
export function readOutdated(reply: unknown): Outdated {
  const [generation = '', ...leases] = reply as string[];
  return { generation, leases };
}

function longestMs(leases: readonly string[]): number {
  const lengths = leases
    .filter((_, index) => index % 2 === 1)
    .map((lease) => Number(lease.slice(lease.indexOf(':') + 1)));
  return Math.max(...lengths);
}
