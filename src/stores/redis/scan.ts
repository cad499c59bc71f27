import type { ActivityEvent, StoredKey } from '../../record.ts';
import type { ActivityQuery } from '../../store.ts';
import { type KeyPlace, notACursor } from '../cursor.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';
import { readEvent, readRecord } from './texts.ts';

/** The most keys and events that one command reads: they take a millisecond of the server's time. */
const MOST_KEYS = 500;
const MOST_EVENTS = 2000;

/**
 * Returns the records of the owner's keys after a place, newest first. Keys are never removed from the
 * set, so a cursor whose key is missing does not come from a page of this owner's list.
 */
const KEYS = new Script(`
local keys, ids, records = unpack(KEYS)
local id, createdAt, count = unpack(ARGV)
local start = 0
if id ~= '' then
  local rank = redis.call('ZREVRANK', keys, id)
  if not rank or tonumber(redis.call('ZSCORE', keys, id)) ~= tonumber(createdAt) then
    return false
  end
  start = rank + 1
end
local found = redis.call('ZREVRANGE', keys, start, start + count - 1)
if #found == 0 then return found end
return redis.call('HMGET', records, unpack(redis.call('HMGET', ids, unpack(found))))
`);

/**
 * Reads a part of the log, up to a sequence or the end. Returns its events that contain all of the given
 * texts, newest first. The first item is the sequence at which the part begins.
 */
const EVENTS = new Script(`
local length = redis.call('LLEN', KEYS[1])
local last = tonumber(ARGV[1])
if not last then last = length elseif last >= length then return false end
local first = math.max(last - ARGV[2] + 1, 1)
local found = { first }
if last < first then return found end
local events = redis.call('LRANGE', KEYS[1], first - 1, last - 1)
for i = #events, 1, -1 do
  local passes = true
  for text = 3, #ARGV do
    passes = passes and string.find(events[i], ARGV[text], 1, true)
  end
  if passes then found[#found + 1] = events[i] end
end
return found
`);

const CHAIN = new Script("return redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])");

/**
 * Yields the owner's keys after a place, or all of them, newest first. The first command reads `first`
 * keys. Further ones read more and more, for filters that few keys pass.
 *
 * @throws KeywrightError `invalid_argument` if the owner has no key at the place.
 */
export async function* newestKeys(
  driver: Driver,
  { keysOf, ids, records }: Names,
  owner: string,
  { first, after }: { readonly first: number; readonly after?: KeyPlace | undefined },
): AsyncIterable<StoredKey> {
  let place = after;
  for (let count = first; ; count = Math.min(4 * count, MOST_KEYS)) {
    const { id = '', createdAt = 0 } = place ?? {};
    const args = [id, String(createdAt), String(count)];
    const reply = await KEYS.run(driver, [keysOf(owner), ids, records], args);
    if (reply === null) throw notACursor();
    const keys = (reply as string[]).map(readRecord);
    yield* keys;
    if (keys.length < count) return;
    place = keys.at(-1);
  }
}

type EventFilter = Pick<ActivityQuery, 'keyId' | 'action' | 'actorId'>;

/**
 * Yields the owner's events up to a sequence, or all of them, newest first, without most of those that do
 * not pass the filter. The caller must still check each event, because a text may match another part of it.
 *
 * @throws KeywrightError `invalid_argument` if the log has not reached the sequence.
 */
export async function* newestEvents(
  driver: Driver,
  { eventsOf }: Names,
  owner: string,
  filter: EventFilter & { readonly first: number; readonly last?: number | undefined },
): AsyncIterable<ActivityEvent> {
  const texts = textsOf(filter);
  let { last } = filter;
  for (let count = filter.first; last !== 0; count = Math.min(4 * count, MOST_EVENTS)) {
    const args = [String(last ?? ''), String(count), ...texts];
    const reply = await EVENTS.run(driver, [eventsOf(owner)], args);
    if (reply === null) throw notACursor();
    const [start, ...events] = reply as [number, ...string[]];
    for (const event of events) yield readEvent(event);
    last = Number(start) - 1;
  }
}

/** Reads the owner's events after a sequence, oldest first. */
export async function readEvents(
  driver: Driver,
  { eventsOf }: Names,
  owner: string,
  after: number,
  limit: number,
): Promise<ActivityEvent[]> {
  const args = [String(after), String(after + limit - 1)];
  const events = (await CHAIN.run(driver, [eventsOf(owner)], args)) as string[];
  return events.map(readEvent);
}

/** The texts that the JSON of an event contains if it passes the filter. */
function textsOf({ keyId, action, actorId }: EventFilter): string[] {
  const members = { keyId, action, id: actorId };
  return Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`],
  );
}
