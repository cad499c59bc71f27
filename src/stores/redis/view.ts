import type { ActivityEvent, StoredKey } from '../../record.ts';
import type { View, ViewQuery } from '../../store.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { newestEvents, newestKeys } from './scan.ts';
import { Script } from './script.ts';
import { readFactor, readHead, readRecord } from './texts.ts';

/** Keys or events that the first command reads, if all of an owner's are read. */
const STEP = 500;

/** Reads a key, its successor and the head of their owner at one moment. */
const KEY_VIEW = new Script(`
local ids, records, heads = unpack(KEYS)
local function recordOf(id)
  local digest = id and redis.call('HGET', ids, id)
  return digest and redis.call('HGET', records, digest)
end
local record = recordOf(ARGV[1])
if not record then return {} end
local key = cjson.decode(string.match(record, '{.*'))
return { record, redis.call('HGET', heads, key.owner), recordOf(key.replacedBy) }
`);

/** Reads the head of an owner and the second factor of an actor at one moment. */
const OWNER_VIEW = new Script(`
local factor = ARGV[2] and redis.call('HGET', KEYS[2], ARGV[2])
return { redis.call('HGET', KEYS[1], ARGV[1]), factor }
`);

/** Reads the view of a change. The head is read before the keys and events of a bulk change. */
export async function readView(driver: Driver, names: Names, query: ViewQuery): Promise<View> {
  if (query.kind === 'key') return viewKey(driver, names, query);
  const { owner } = query;
  const actorId = 'actorId' in query ? query.actorId : undefined;
  const args = actorId === undefined ? [owner] : [owner, actorId];
  const reply = await OWNER_VIEW.run(driver, [names.heads, names.factorsOf(owner)], args);
  const [head, factor] = reply as (string | null)[];
  return {
    head: readHead(head),
    keys: await keysFor(driver, names, query),
    events: query.kind === 'actor' ? await eventsOf(driver, names, owner, query.actorId) : [],
    ...(factor ? { factor: readFactor(factor) } : {}),
  };
}

/** Reads a key and its successor. Returns no keys if the key is absent, or belongs to another owner. */
export async function viewKey(
  driver: Driver,
  { ids, records, heads }: Names,
  { id, owner }: { readonly id: string; readonly owner?: string },
): Promise<View> {
  const reply = await KEY_VIEW.run(driver, [ids, records, heads], [id]);
  const [record, head, successor] = reply as (string | null)[];
  const key = record ? readRecord(record) : undefined;
  if (key === undefined || (owner !== undefined && owner !== key.owner)) {
    return { head: readHead(undefined), keys: [], events: [] };
  }
  const keys = successor ? [key, readRecord(successor)] : [key];
  return { head: readHead(head), keys, events: [] };
}

async function keysFor(driver: Driver, names: Names, query: ViewQuery): Promise<StoredKey[]> {
  if (query.kind !== 'unrevoked' && query.kind !== 'actor') return [];
  const found: StoredKey[] = [];
  for await (const key of newestKeys(driver, names, query.owner, { first: STEP })) {
    const isSelected =
      query.kind === 'unrevoked' ? key.revokedAt === undefined : key.createdBy.id === query.actorId;
    if (isSelected) found.push(key);
  }
  return found;
}

async function eventsOf(
  driver: Driver,
  names: Names,
  owner: string,
  actorId: string,
): Promise<ActivityEvent[]> {
  const found: ActivityEvent[] = [];
  for await (const event of newestEvents(driver, names, owner, { first: STEP, actorId })) {
    if (event.actor.id === actorId && event.erased === undefined) found.push(event);
  }
  return found;
}
