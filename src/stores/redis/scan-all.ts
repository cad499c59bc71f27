import type { StoredKey } from '../../record.ts';
import type { AllKeysQuery } from '../../store.ts';
import { type AllKeysPlace, readAllKeysCursor } from '../cursor.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';
import { readRecord } from './texts.ts';

/** The most keys that one command reads: they take a millisecond of the server's time. */
const MOST_KEYS = 1000;

/**
 * Returns the records after a place in a set of ids that contain all of the given texts. The first two
 * items are the score and the id of the last key that was read. At the end of the set, they are empty.
 *
 * Ids are compared byte by byte, as the set sorts them: Lua's own comparison follows the server's locale.
 */
const ALL = new Script(`
local keys, ids, records = unpack(KEYS)
local order, at, id, count = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local rises = order == 'expiry'
local size = redis.call('ZCARD', keys)

local function comesBefore(one, two)
  for i = 1, math.min(#one, #two) do
    local a, b = string.byte(one, i), string.byte(two, i)
    if a ~= b then return a < b end
  end
  return #one < #two
end

local function rankOf()
  if at == '' then return rises and 0 or size end
  local low = redis.call('ZCOUNT', keys, '-inf', '(' .. at)
  if id == '' then return low end
  local high = low + redis.call('ZCOUNT', keys, at, at)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local member = redis.call('ZRANGE', keys, middle, middle)[1]
    if comesBefore(member, id) or (rises and member == id) then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

local rank = rankOf()
local members
if rises then
  members = redis.call('ZRANGE', keys, rank, rank + count - 1)
else
  members = redis.call('ZREVRANGE', keys, size - rank, size - rank + count - 1)
end
if #members == 0 then return { '', '' } end
local last = members[#members]
local found = { redis.call('ZSCORE', keys, last), last }
if #members < count then found = { '', '' } end
local texts = redis.call('HMGET', records, unpack(redis.call('HMGET', ids, unpack(members))))
for _, text in ipairs(texts) do
  local passes = true
  for i = 5, #ARGV do passes = passes and string.find(text, ARGV[i], 1, true) end
  if passes then found[#found + 1] = text end
end
return found
`);

/**
 * Yields keys of all owners in the order of the query, without most of those that do not pass its filters.
 * The caller must still check each key, because a text may match another part of the record.
 *
 * @throws KeywrightError `invalid_argument` if the cursor is not one of this order
 */
export async function* keysOfAll(
  driver: Driver,
  { created, expiries, ids, records }: Names,
  query: AllKeysQuery,
): AsyncIterable<StoredKey> {
  const { order, cursor, limit } = query;
  const sorted = order === 'expiry' ? expiries : created;
  const texts = textsOf(query);
  let place: Partial<AllKeysPlace> | undefined =
    cursor === undefined ? startOf(query) : readAllKeysCursor(order, cursor);
  for (let count = limit + 1; ; count = Math.min(4 * count, MOST_KEYS)) {
    const { at = '', id = '' } = place ?? {};
    const args = [order, String(at), id, String(count), ...texts];
    const reply = await ALL.run(driver, [sorted, ids, records], args);
    const [lastAt = '', lastId = '', ...found] = reply as string[];
    for (const record of found) yield readRecord(record);
    if (lastId === '' || isPast(query, Number(lastAt))) return;
    place = { at: Number(lastAt), id: lastId };
  }
}

/** The place before the first key that can pass; `undefined` for the start of the list. */
function startOf(query: AllKeysQuery): Partial<AllKeysPlace> | undefined {
  const { order, createdBefore, unusedSince, expiresAfter } = query;
  if (order === 'expiry') return expiresAfter === undefined ? undefined : { at: expiresAfter };
  const bounds = [createdBefore, unusedSince].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? undefined : { at: Math.min(...bounds) };
}

/** Whether no key from this place on can pass. */
function isPast({ order, createdAfter, expiresBefore }: AllKeysQuery, at: number): boolean {
  if (order === 'expiry') return expiresBefore !== undefined && at >= expiresBefore;
  return createdAfter !== undefined && at < createdAfter;
}

/** The texts that the JSON of a key contains if it passes the filters. */
function textsOf({ environment, hint, createdBy }: AllKeysQuery): string[] {
  return Object.entries({ environment, hint, id: createdBy }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`],
  );
}
