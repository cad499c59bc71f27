import type { ChangeFeed } from '../../change-feed.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

const SHARD = 0;
const NO_MARK = '0'.repeat(16);

/**
 * Lua. The first total is the time in microseconds. So a server that has lost its data does not count up
 * to a total that a cache has seen before.
 */
export const TOTAL_OF = `
local function totalOf(feed)
  local total = redis.call('HGET', feed, 'total')
  if total then return total end
  local time = redis.call('TIME')
  total = time[1] .. string.format('%06d', time[2])
  redis.call('HSET', feed, 'total', total, 'mark', '${NO_MARK}', 'born', total)
  return total
end
`;

/**
 * Lua. The epoch: the process, its replication history and when the feed began. It differs after a restart,
 * a failover or a loss of all data. Fails on a replica, so that no lease is granted there.
 */
export const EPOCH_OF = `
local function epochOf(feed)
  local server, replication = redis.call('INFO', 'server'), redis.call('INFO', 'replication')
  if string.match(replication, 'role:(%w+)') ~= 'master' then
    return nil, redis.error_reply('READONLY leases are granted by the primary alone')
  end
  totalOf(feed)
  return string.match(server, 'run_id:(%w+)') .. string.match(replication, 'master_replid:(%w+)')
    .. redis.call('HGET', feed, 'born')
end
`;

/** Writes a field, so that a primary that may not write, as without its replicas, grants no lease. */
const POLL = new Script(`${TOTAL_OF}${EPOCH_OF}
local feed, members = unpack(KEYS)
local epoch, failure = epochOf(KEYS[1])
if failure then return failure end
local total = totalOf(feed)
redis.call('HSET', feed, 'polled', '1')
return { total, redis.call('HGET', feed, 'mark'), epoch, redis.call('HGET', members, ARGV[1]) }
`);

const READ = new Script(`${TOTAL_OF}${EPOCH_OF}
local epoch, failure = epochOf(KEYS[1])
if failure then return failure end
local total = totalOf(KEYS[1])
return { epoch, total, redis.call('HGET', KEYS[1], 'mark'), redis.call('HGET', KEYS[1], 'recent') }
`);

const ACKNOWLEDGE = new Script(`
local acked = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1')
if tonumber(ARGV[2]) > acked then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
`);

const LEAVE = new Script("redis.call('HDEL', KEYS[1], ARGV[1])");

/** The first registration settles the epoch, because there can be no lease of an earlier one. */
const REGISTER = new Script(`${TOTAL_OF}${EPOCH_OF}
local epoch, failure = epochOf(KEYS[1])
if failure then return failure end
local watched = tonumber(redis.call('HGET', KEYS[1], 'watched') or '0')
if watched == 0 then redis.call('HSET', KEYS[1], 'settled', epoch) end
if tonumber(ARGV[1]) > watched then redis.call('HSET', KEYS[1], 'watched', ARGV[1]) end
`);

const HINT = new Script("return redis.call('PUBLISH', ARGV[1], '')");

const MEMBERS = new Script(`${TOTAL_OF}${EPOCH_OF}
local epoch, failure = epochOf(KEYS[1])
if failure then return failure end
local settled, watched = unpack(redis.call('HMGET', KEYS[1], 'settled', 'watched'))
return { totalOf(KEYS[1]), epoch, settled, watched, redis.call('HGETALL', KEYS[2]) }
`);

const PRUNE = new Script(`
for i = 2, #ARGV do
  local acked = redis.call('HGET', KEYS[1], ARGV[i])
  if acked and tonumber(acked) < tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
`);

const SETTLE = new Script("redis.call('HSET', KEYS[1], 'settled', ARGV[1])");

/** The change feed of Redis, with one shard. Each method runs one script. */
export function redisFeed(driver: Driver, { feed, members, channel }: Names): ChangeFeed {
  const { subscribe } = driver;
  return {
    shardsOf: () => [SHARD],

    async poll(holder) {
      const reply = await POLL.run(driver, [feed, members], [holder]);
      const [total, marks = NO_MARK, epoch = '', acked] = reply as string[];
      const poll = { total: Number(total), marks, epoch };
      return acked ? { ...poll, acked: Number(acked) } : poll;
    },

    async read(seen) {
      const reply = (await READ.run(driver, [feed], [])) as (string | null)[];
      const [epoch, total, mark, recent] = reply;
      const shard = {
        shard: SHARD,
        generation: Number(total),
        mark: mark ?? NO_MARK,
        recent: JSON.parse(recent ?? '[]') as string[],
      };
      const isSeen = seen.get(SHARD) === shard.generation;
      return { epoch: epoch ?? '', shards: isSeen ? [] : [shard] };
    },

    async acknowledge(holder, total) {
      await ACKNOWLEDGE.run(driver, [members], [holder, String(total)]);
    },

    async leave(holder) {
      await LEAVE.run(driver, [members], [holder]);
    },

    async register(leaseMs) {
      await REGISTER.run(driver, [feed], [String(leaseMs)]);
    },

    async hint() {
      await HINT.run(driver, [feed], [channel]);
    },

    async readMembers() {
      const reply = (await MEMBERS.run(driver, [feed, members], [])) as unknown[];
      const [total, epoch, settled, watched, pairs] = reply as [string, string, ...unknown[]];
      return {
        total: Number(total),
        epoch,
        ...(settled ? { settled: settled as string } : {}),
        maxLeaseMs: Number(watched ?? 0),
        members: membersOf(pairs as string[]),
      };
    },

    async prune(holders, total) {
      if (holders.length === 0) return;
      await PRUNE.run(driver, [members], [String(total), ...holders]);
    },

    async settle(epoch) {
      await SETTLE.run(driver, [feed], [epoch]);
    },

    ...(subscribe && { subscribe: (listener: () => void) => subscribe(channel, listener) }),
  };
}

/** @param pairs holders and their acknowledged totals, in turn */
function membersOf(pairs: readonly string[]) {
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    holder: pairs[2 * i] as string,
    acked: Number(pairs[2 * i + 1]),
  }));
}
