import type { ChangeFeed } from '../../store.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

/**
 * Lua. A generation begins with the time in microseconds, so that a server that has lost its data
 * does not count up to one that a cache has seen before.
 */
export const GENERATION_OF = `
local function generationOf(name)
  local generation = redis.call('GET', name)
  if generation then return generation end
  local time = redis.call('TIME')
  generation = time[1] .. string.format('%06d', time[2])
  redis.call('SET', name, generation)
  return generation
end
`;

/**
 * Grants a lease, which is kept as `generation:milliseconds`, to who has seen the generation.
 *
 * A holder that asks twice within a generation may not have heard the second answer, and go by the
 * first: of the two leases, the longer one counts. It is written in any case, so that a server that
 * may not write, such as a primary without its replicas, grants none.
 */
const GRANT = new Script(`${GENERATION_OF}
local generation = generationOf(KEYS[1])
if ARGV[2] ~= generation then return generation end
local ms = ARGV[3]
local seen, before = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '', '^(%d+):(.+)$')
if seen == generation and tonumber(before) > tonumber(ms) then ms = before end
redis.call('HSET', KEYS[2], ARGV[1], generation .. ':' .. ms)
return generation
`);

const RELEASE = new Script("return redis.call('HDEL', KEYS[1], ARGV[1])");

export function redisFeed(driver: Driver, { generation, leases, channel }: Names): ChangeFeed {
  const { subscribe } = driver;
  return {
    async lease(holder, seen, leaseMs) {
      const args = [holder, String(seen), String(leaseMs)];
      return Number(await GRANT.run(driver, [generation, leases], args));
    },

    async release(holder) {
      await RELEASE.run(driver, [leases], [holder]);
    },

    ...(subscribe && { subscribe: (listener: () => void) => subscribe(channel, listener) }),
  };
}
