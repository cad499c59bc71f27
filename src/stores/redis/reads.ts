import type { ActivityEvent, ChainHead, StoredKey } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { activityCursor, keyCursor, readActivityCursor, readKeyCursor } from '../cursor.ts';
import { matchesEvent, matchesKey } from '../match.ts';
import { refuseTransaction } from '../no-transaction.ts';
import type { Driver } from './client.ts';
import { Lookups } from './lookups.ts';
import type { Names } from './names.ts';
import { pageOf } from './page.ts';
import { newestEvents, newestKeys, readEvents } from './scan.ts';
import { Script } from './script.ts';
import { readHead, readRecord } from './texts.ts';

type Reads = Pick<
  KeyStore,
  'findByDigest' | 'find' | 'list' | 'listActivity' | 'readChain' | 'head'
>;

/** What a change of a key is decided on, as it stood at one moment. */
export interface KeyView {
  readonly key: StoredKey;
  readonly head: ChainHead;
  /** The key that has replaced it, if one has. */
  readonly successor: StoredKey | undefined;
}

const VIEW = new Script(`
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

export function redisReads(driver: Driver, names: Names): Reads {
  const lookups = new Lookups((digests) => driver.hmget(names.records, digests));
  return {
    findByDigest(digest) {
      return lookups.find(digest);
    },

    async find(ref, options) {
      refuseTransaction(options);
      return (await viewKey(driver, names, ref))?.key;
    },

    async list(query) {
      const { owner, cursor, limit } = query;
      const after = cursor === undefined ? undefined : readKeyCursor(cursor);
      const keys = newestKeys(driver, names, owner, { first: limit + 1, after });
      return pageOf(keys, (key) => matchesKey(query, key), limit, keyCursor);
    },

    async listActivity(query) {
      const { owner, cursor, limit } = query;
      const last = cursor === undefined ? undefined : readActivityCursor(cursor) - 1;
      const events = newestEvents(driver, names, owner, { first: limit + 1, last, ...query });
      return pageOf(events, (event) => matchesEvent(query, event), limit, activityCursor);
    },

    readChain(owner, after, limit): Promise<ActivityEvent[]> {
      return readEvents(driver, names, owner, after, limit);
    },

    head(owner) {
      return readOwnerHead(driver, names, owner);
    },
  };
}

export async function viewKey(
  driver: Driver,
  { ids, records, heads }: Names,
  { id, owner }: { readonly id: string; readonly owner?: string },
): Promise<KeyView | undefined> {
  const reply = await VIEW.run(driver, [ids, records, heads], [id]);
  const [record, head, successor] = reply as (string | null)[];
  if (!record) return undefined;
  const key = readRecord(record);
  if (owner !== undefined && owner !== key.owner) return undefined;
  return {
    key,
    head: readHead(head),
    successor: successor ? readRecord(successor) : undefined,
  };
}

export async function readOwnerHead(
  driver: Driver,
  { heads }: Names,
  owner: string,
): Promise<ChainHead> {
  const [head] = await driver.hmget(heads, [owner]);
  return readHead(head);
}
