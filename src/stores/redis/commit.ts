import { headAfter } from '../../digest/chain.ts';
import type { ActivityEvent, StoredKey } from '../../record.ts';
import type { Change, CommitResult, FactorWrite, KeyReplacement } from '../../store.ts';
import { drawMark, MOST_RECENT } from '../feed-mark.ts';
import type { Driver } from './client.ts';
import { readConfirmation, readRefusal } from './failures.ts';
import { EPOCH_OF, TOTAL_OF } from './feed.ts';
import type { Names } from './names.ts';
import { haveReplicas } from './replicas.ts';
import { Script } from './script.ts';
import { eventText, factorText, headText, keyText, readHead, recordText } from './texts.ts';

/**
 * Compares the head and writes the change, all or nothing.
 *
 * After a lost connection, the client sends the script again. If the change was made the first time, the
 * head has moved, and the event is there: its salt identifies the change.
 *
 * Redis does not roll back a script that fails half-way. A key may have the wrong type, or the user may lack
 * the right to run a command. So the script tries both before its first write, which is that of the event.
 * A server that is full or may not write rejects the first write.
 */
const COMMIT = new Script(`${TOTAL_OF}${EPOCH_OF}
local heads, ids, records, keys, events, factors, feed, hold, created, expiries, owners = unpack(KEYS)
local owner, before, after, holder, mark, replicas = unpack(ARGV, 1, 6)
local appended, added = cjson.decode(ARGV[7]), cjson.decode(ARGV[8])
local changed, erased = cjson.decode(ARGV[9]), cjson.decode(ARGV[10])
local purged = cjson.decode(ARGV[11])

local function may(...)
  return not redis.acl_check_cmd or redis.acl_check_cmd(...)
end

local length = tonumber(string.match(before, '^%d+') or '0')

local function recentOf(feed)
  return cjson.decode(redis.call('HGET', feed, 'recent') or '[]')
end

local function isMade()
  if #appended > 0 then return redis.call('LINDEX', events, length) == appended[1] end
  for _, key in ipairs(changed) do
    if redis.call('HGET', ids, key.id) ~= key.to then return false end
  end
  return #changed > 0
end

local function refusal()
  for _, key in ipairs(added) do
    if redis.call('HEXISTS', ids, key.id) == 1 then return 'taken' end
    if redis.call('HEXISTS', records, key.digest) == 1 then return 'taken' end
  end
  for _, key in ipairs(changed) do
    if redis.call('HGET', ids, key.id) ~= key.digest then return 'stale' end
    if redis.call('HEXISTS', records, key.digest) == 0 then return 'stale' end
    if key.to ~= key.digest and redis.call('HEXISTS', records, key.to) == 1 then return 'taken' end
  end
  for _, set in ipairs({ keys, created, expiries }) do redis.call('ZCARD', set) end
  redis.call('HLEN', factors)
  redis.call('ZCARD', owners)
  if #erased > 0 and redis.call('LLEN', events) ~= length then
    return redis.error_reply('ERR the log is not as long as its head says')
  end
  if not tonumber(redis.call('HGET', feed, 'total') or '0') then
    return redis.error_reply('ERR the generation is no number')
  end
  recentOf(feed)
  if not (may('RPUSH', events, '') and may('LSET', events, '0', '') and may('ZADD', keys, '0', '')
    and may('ZREM', expiries, '')
    and may('HSET', heads, '', '') and may('HDEL', factors, '')
    and (holder == '' or may('SET', hold, '', 'PX', 1))) then
    return redis.error_reply('NOPERM the user may not run every command of a change')
  end
end

local function raise()
  local recent = recentOf(feed)
  local newest = {}
  for i = 1, math.min(#purged, ${MOST_RECENT}) do newest[i] = purged[i] end
  for i = 1, math.min(#recent, ${MOST_RECENT} - #newest) do newest[#newest + 1] = recent[i] end
  local total = string.format('%.0f', tonumber(totalOf(feed)) + #purged)
  redis.call('HSET', feed, 'total', total, 'mark', mark, 'recent', cjson.encode(newest))
end

local function expire(key)
  if key.expiresAt == '' then redis.call('ZREM', expiries, key.id)
  elseif key.expiresAt then redis.call('ZADD', expiries, key.expiresAt, key.id) end
end

local function write()
  for _, event in ipairs(appended) do redis.call('RPUSH', events, event) end
  for _, event in ipairs(erased) do redis.call('LSET', events, event.index, event.text) end
  if #appended > 0 then
    redis.call('HSET', heads, owner, after)
    local newest = redis.call('ZREVRANGE', owners, 0, 0, 'WITHSCORES')[2] or '0'
    redis.call('ZADD', owners, string.format('%.0f', tonumber(newest) + 1), owner)
  end
  for _, key in ipairs(added) do
    redis.call('HSET', ids, key.id, key.digest)
    redis.call('HSET', records, key.digest, key.text)
    redis.call('ZADD', keys, key.createdAt, key.id)
    redis.call('ZADD', created, key.createdAt, key.id)
    expire(key)
  end
  for _, key in ipairs(changed) do
    local used = string.match(redis.call('HGET', records, key.digest), '^%d*')
    redis.call('HSET', records, key.to, used .. key.text)
    expire(key)
    if key.to ~= key.digest then
      redis.call('HSET', ids, key.id, key.to)
      redis.call('HDEL', records, key.digest)
    end
  end
  if ARGV[12] then redis.call(ARGV[12], factors, unpack(ARGV, 13)) end
  if #purged > 0 then raise() end
end

local present = redis.call('HGET', heads, owner) or ''
local held = redis.call('GET', hold) or ''
local isFree = held == '' or held == holder
local watched = redis.call('HGET', feed, 'watched') or '0'
local isDone = false
if present == before and isFree then
  local refused = refusal()
  if refused == 'stale' and isMade() then refused, isDone = nil, true end
  if refused then return refused end
  if not isDone then
    write()
    if holder ~= '' then redis.call('SET', hold, '', 'PX', 1) end
  end
elseif present == before or not isMade() then
  return { 'stale', present }
end
return { 'committed', watched, replicas ~= '0' and epochOf(feed) or '' }
`);

/** Options of {@link commit}. */
export interface CommitOptions {
  /** The holder of the owner's reservation; empty without one. */
  readonly holder?: string;
  /** The number of replicas that must have the change before it counts as committed. Default 0. */
  readonly replicas?: number;
}

export async function commit(
  driver: Driver,
  names: Names,
  change: Change,
  { holder = '', replicas = 0 }: CommitOptions = {},
): Promise<CommitResult> {
  const { owner, head, events, added, changed, erased, factor, purged } = change;
  const last = events.at(-1);
  const after = last === undefined ? head : headAfter(last);
  const { heads, ids, records, feed, created, expiries } = names;
  const reply = await readRefusal(
    COMMIT.run(
      driver,
      [
        ...[heads, ids, records, names.keysOf(owner), names.eventsOf(owner)],
        ...[names.factorsOf(owner), feed, names.holdOf(owner), created, expiries, names.changed],
      ],
      [
        ...[owner, headText(head), headText(after), holder, drawMark(), String(replicas)],
        JSON.stringify(events.map(eventText)),
        JSON.stringify(added.map(addedRow)),
        JSON.stringify(changed.map(changedRow)),
        JSON.stringify(erased.map((event) => ({ index: indexOf(event), text: eventText(event) }))),
        JSON.stringify(purged),
        ...(factor === undefined ? [] : factorCommand(factor)),
      ],
    ),
  );
  if (reply === 'taken') return { status: 'digest_taken' };
  if (reply === 'stale') return { status: 'stale' };
  const [status, detail, epoch = ''] = reply as [string, string, string?];
  if (status === 'stale') return { status, head: readHead(detail) };
  if (replicas > 0) {
    await readConfirmation(haveReplicas(driver, names, replicas, epoch), replicas);
  }
  return { status: 'committed', watchedMs: Number(detail) };
}

function factorCommand({ actorId, document }: FactorWrite): string[] {
  return document === undefined ? ['HDEL', actorId] : ['HSET', actorId, factorText(document)];
}

function addedRow(key: StoredKey) {
  const { id, digest, createdAt, expiresAt } = key;
  const row = { id, digest, createdAt: String(createdAt), text: recordText(key) };
  return expiresAt === undefined ? row : { ...row, expiresAt: String(expiresAt) };
}

/** Includes the expiry if it has changed; it is empty if it was removed. */
function changedRow({ before, after }: KeyReplacement) {
  const row = { id: before.id, digest: before.digest, to: after.digest, text: keyText(after) };
  const { expiresAt } = after;
  return expiresAt === before.expiresAt ? row : { ...row, expiresAt: String(expiresAt ?? '') };
}

function indexOf({ sequence }: ActivityEvent): string {
  return String(sequence - 1);
}
