import type { ClaimRef, DeliveryClaim, DeliveryQueue } from '../../delivery-queue.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

/** Changed owners that a claim reads at a time: they take a millisecond of the server's time. */
const NOTED = 500;

/** Lua. The text of a delivery has the sequence, the failures and the holder: `7:0:Zb3…`. */
const DELIVERY = `
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function deliveryOf(deliveries, owner)
  local text = redis.call('HGET', deliveries, owner) or '0:0:'
  local sequence, failures, holder = string.match(text, '^(%d+):(%d+):(.*)$')
  return tonumber(sequence), tonumber(failures), holder
end

local function keep(deliveries, owner, sequence, failures, holder)
  redis.call('HSET', deliveries, owner, string.format('%.0f:%.0f:', sequence, failures) .. holder)
end

local function newestOf(heads, owner)
  return tonumber(string.match(redis.call('HGET', heads, owner) or '', '^%d+') or '0')
end

local function schedule(due, owner, at)
  redis.call('ZADD', due, at and string.format('%.0f', at) or '+inf', owner)
end
`;

const REGISTER = new Script(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then redis.call('HSET', KEYS[1], ARGV[1], '0') end
`);

/** Reads owners by the scores of their newest events, which commits assign one after another. */
const CLAIM = new Script(`${DELIVERY}
local changed, consumers, heads, due, deliveries = unpack(KEYS)
local consumer, claimer, limit, lease = unpack(ARGV)
local noted = redis.call('HGET', consumers, consumer)
if not noted then return {} end
local now = nowMs()
local latest = string.format('%.0f', now)
repeat
  local newer = redis.call(
    'ZRANGEBYSCORE', changed, '(' .. noted, '+inf', 'WITHSCORES', 'LIMIT', '0', '${NOTED}')
  for i = 1, #newer, 2 do
    local owner = newer[i]
    local score = redis.call('ZSCORE', due, owner)
    local isIdle = not score or score == 'inf'
    if isIdle and newestOf(heads, owner) > deliveryOf(deliveries, owner) then
      schedule(due, owner, now)
    end
    noted = newer[i + 1]
  end
  local isEnough = redis.call('ZCOUNT', due, '-inf', latest) >= tonumber(limit)
until isEnough or #newer < 2 * ${NOTED}
redis.call('HSET', consumers, consumer, noted)
local claimed = {}
local owners = redis.call('ZRANGEBYSCORE', due, '-inf', latest, 'LIMIT', '0', limit)
for _, owner in ipairs(owners) do
  local sequence, failures = deliveryOf(deliveries, owner)
  keep(deliveries, owner, sequence, failures, claimer)
  schedule(due, owner, now + lease)
  claimed[#claimed + 1] = { owner, sequence, failures }
end
return claimed
`);

const RECORD = new Script(`${DELIVERY}
local due, deliveries = unpack(KEYS)
local owner, claimer, reached, lease = unpack(ARGV)
local sequence, failures, holder = deliveryOf(deliveries, owner)
if holder ~= claimer then return 0 end
reached = tonumber(reached)
if reached > sequence then sequence, failures = reached, 0 end
keep(deliveries, owner, sequence, failures, holder)
schedule(due, owner, nowMs() + lease)
return 1
`);

const RELEASE = new Script(`${DELIVERY}
local due, deliveries, heads = unpack(KEYS)
local owner, claimer, reached, retry = unpack(ARGV)
local sequence, failures, holder = deliveryOf(deliveries, owner)
if holder ~= claimer then return 0 end
reached = tonumber(reached)
if reached > sequence then sequence, failures = reached, 0 end
local now = nowMs()
if retry ~= '' then
  keep(deliveries, owner, sequence, failures + 1, '')
  schedule(due, owner, now + retry)
else
  keep(deliveries, owner, sequence, 0, '')
  schedule(due, owner, newestOf(heads, owner) > sequence and now or nil)
end
return 1
`);

/** The delivery queue of Redis. Each method runs one script. */
export function redisDeliveries(driver: Driver, names: Names): DeliveryQueue {
  const { changed, consumers, heads } = names;
  const placesOf = ({ consumer }: Pick<ClaimRef, 'consumer'>) => [
    names.dueOf(consumer),
    names.deliveriesOf(consumer),
  ];
  return {
    async register(consumer) {
      await REGISTER.run(driver, [consumers], [consumer]);
    },

    async claim({ consumer, holder, limit, leaseMs }) {
      const reply = await CLAIM.run(
        driver,
        [changed, consumers, heads, ...placesOf({ consumer })],
        [consumer, holder, String(limit), String(leaseMs)],
      );
      return (reply as [string, number, number][]).map(
        ([owner, sequence, failures]): DeliveryClaim => ({
          ...{ consumer, owner, holder },
          ...{ sequence: Number(sequence), failures: Number(failures) },
        }),
      );
    },

    async record(claim, { sequence, leaseMs }) {
      const args = [claim.owner, claim.holder, String(sequence), String(leaseMs)];
      return Number(await RECORD.run(driver, placesOf(claim), args)) === 1;
    },

    async release(claim, { sequence, retryMs }) {
      const args = [claim.owner, claim.holder, String(sequence), String(retryMs ?? '')];
      return Number(await RELEASE.run(driver, [...placesOf(claim), heads], args)) === 1;
    },
  };
}
