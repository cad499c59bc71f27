import { headAfter, sealEvent, type UnsealedEvent } from '../../digest/chain.ts';
import { KeywrightError } from '../../errors.ts';
import type { ActivityEvent, ChainHead, StoredKey } from '../../record.ts';
import { OUTDATED_LEASES, type Outdated, readOutdated } from './barrier.ts';
import type { Driver } from './client.ts';
import { GENERATION_OF } from './feed.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';
import { eventText, factorText, headText, keyText, recordText } from './texts.ts';

/** One change of an owner's data, as it was decided on what stood at `head`. */
export interface Change {
  readonly owner: string;
  readonly head: ChainHead;
  readonly events: readonly UnsealedEvent[];
  readonly added?: readonly StoredKey[];
  /** Keys in the place of those with their ids, with the digest that they had. */
  readonly replaced?: readonly StoredKey[];
  /** Events in the place of those with their sequences. */
  readonly erased?: readonly ActivityEvent[];
  /** What an actor's factor becomes; without a value, it is taken away. */
  readonly factor?: { readonly actorId: string; readonly value?: string | undefined };
  /** Whether it turns a verdict. */
  readonly turns: boolean;
}

/**
 * Compares and writes, all or nothing.
 *
 * Every change of a key, an event or a factor moves the head of its owner's chain, so that the head
 * stands for all that the change was decided on. Only a digest is replaced without an event, and that
 * shows in `ids`. The head has moved as well where this very change was made before and the client
 * sends it again, as it does after a lost connection: then the event is there, whose salt tells it.
 *
 * A script that fails half-way is not rolled back. So what can fail, for a key of the wrong type or
 * a command that the user may not run, is tried out before the first write, which is the event's. A
 * server that is full or may not write refuses the first one.
 */
const COMMIT = new Script(`${GENERATION_OF}${OUTDATED_LEASES}
local heads, ids, records, keys, events, generation, leases, factors = unpack(KEYS)
local owner, before, after, channel = unpack(ARGV, 1, 4)
local appended, added = cjson.decode(ARGV[5]), cjson.decode(ARGV[6])
local replaced, erased = cjson.decode(ARGV[7]), cjson.decode(ARGV[8])

local function may(...)
  return not redis.acl_check_cmd or redis.acl_check_cmd(...)
end

local length = tonumber(string.match(before, '^%d+') or '0')

local function isMade()
  return redis.call('LINDEX', events, length) == appended[1]
end

local function refusal()
  for _, key in ipairs(added) do
    if redis.call('HEXISTS', ids, key.id) == 1 then return 'taken' end
    if redis.call('HEXISTS', records, key.digest) == 1 then return 'taken' end
  end
  for _, key in ipairs(replaced) do
    if redis.call('HGET', ids, key.id) ~= key.digest then return 'stale' end
    if redis.call('HEXISTS', records, key.digest) == 0 then return 'stale' end
  end
  redis.call('ZCARD', keys)
  redis.call('HLEN', leases)
  redis.call('HLEN', factors)
  if #erased > 0 and redis.call('LLEN', events) ~= length then
    return redis.error_reply('ERR the log is not as long as its head says')
  end
  if not tonumber(redis.call('GET', generation) or '0') then
    return redis.error_reply('ERR the generation is no number')
  end
  if not (may('RPUSH', events, '') and may('LSET', events, '0', '') and may('ZADD', keys, '0', '')
    and may('HSET', heads, '', '') and may('HDEL', factors, '')
    and may('SET', generation, '0') and may('INCR', generation)) then
    return redis.error_reply('NOPERM the user may not run every command of a change')
  end
end

local function write()
  for _, event in ipairs(appended) do redis.call('RPUSH', events, event) end
  for _, event in ipairs(erased) do redis.call('LSET', events, event.index, event.text) end
  redis.call('HSET', heads, owner, after)
  for _, key in ipairs(added) do
    redis.call('HSET', ids, key.id, key.digest)
    redis.call('HSET', records, key.digest, key.text)
    redis.call('ZADD', keys, key.createdAt, key.id)
  end
  for _, key in ipairs(replaced) do
    local used = string.match(redis.call('HGET', records, key.digest), '^%d*')
    redis.call('HSET', records, key.digest, used .. key.text)
  end
  if ARGV[9] then redis.call(ARGV[9], factors, unpack(ARGV, 10)) end
end

if (redis.call('HGET', heads, owner) or '') == before then
  local refused = refusal()
  if refused then return refused end
  write()
  if channel ~= '' then
    generationOf(generation)
    redis.pcall('PUBLISH', channel, redis.call('INCR', generation))
  end
elseif not isMade() then
  return 'stale'
end
if channel == '' then return 'made' end
return outdatedLeases(leases, generationOf(generation))
`);

/**
 * Writes the change together with its events.
 *
 * @returns the leases that it has to wait for; `stale` if it was decided on what is no more, and
 * then nothing is written
 * @throws KeywrightError `digest_taken`
 */
export async function commit(
  driver: Driver,
  names: Names,
  change: Change,
): Promise<Outdated | 'made' | 'stale'> {
  const { owner, head, added = [], replaced = [], erased = [], factor, turns } = change;
  const events = seal(head, change.events);
  const after = events.reduce((_, event) => headAfter(event), head);
  const { heads, ids, records, generation, leases } = names;
  const keys = [names.keysOf(owner), names.eventsOf(owner), generation, leases];
  const factors = names.factorsOf(owner);
  const reply = await COMMIT.run(
    driver,
    [heads, ids, records, ...keys, factors],
    [
      ...[owner, headText(head), headText(after), turns ? names.channel : ''],
      JSON.stringify(events.map(eventText)),
      JSON.stringify(added.map(addedRow)),
      JSON.stringify(replaced.map((key) => ({ ...placeOf(key), text: keyText(key) }))),
      JSON.stringify(erased.map((event) => ({ index: indexOf(event), text: eventText(event) }))),
      ...(factor === undefined ? [] : factorCommand(factor, after)),
    ],
  );
  if (reply === 'taken') throw digestTaken();
  return reply === 'stale' || reply === 'made' ? reply : readOutdated(reply);
}

export function digestTaken(): KeywrightError {
  return new KeywrightError('digest_taken', 'another key has this digest or id');
}

function seal(head: ChainHead, events: readonly UnsealedEvent[]): ActivityEvent[] {
  let last = head;
  return events.map((event) => {
    const sealed = sealEvent(last, event);
    last = headAfter(sealed);
    return sealed;
  });
}

function factorCommand({ actorId, value }: NonNullable<Change['factor']>, after: ChainHead) {
  if (value === undefined) return ['HDEL', actorId];
  return ['HSET', actorId, factorText({ version: after.sequence, value })];
}

function addedRow(key: StoredKey) {
  return { ...placeOf(key), createdAt: String(key.createdAt), text: recordText(key) };
}

function placeOf({ id, digest }: StoredKey) {
  return { id, digest };
}

function indexOf({ sequence }: ActivityEvent): string {
  return String(sequence - 1);
}
