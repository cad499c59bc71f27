import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as kit from 'keywright/store-kit';

interface Data {
  readonly keys: kit.StoredKey[];
  readonly events: kit.ActivityEvent[];
  readonly factors: { owner: string; actorId: string; document: kit.FactorDocument }[];
}

/** A store in one JSON file, which one process writes. */
export function fileStore(path: string): kit.KeyStore {
  function read(): Data {
    if (!existsSync(path)) return { keys: [], events: [], factors: [] };
    return JSON.parse(readFileSync(path, 'utf8'));
  }

  function write(data: Data): void {
    writeFileSync(`${path}.new`, JSON.stringify(data), { flush: true });
    renameSync(`${path}.new`, path); // a crash leaves the file of before or that of after
  }

  return {
    findByDigest: async (digest) => read().keys.find((key) => key.digest === digest),
    find: async (ref) => findKey(read(), ref),
    view: async (query) => viewOf(read(), query),
    head: async (owner) => headOf(read(), owner),
    readChain: async (owner, after, limit) => eventsOf(read(), owner).slice(after, after + limit),

    // No `await` stands between read and write, so no other change comes between.
    async commit({ owner, head, events, added, changed, erased, factor }) {
      const data = read();
      const present = headOf(data, owner);
      const isPresent = present.sequence === head.sequence && present.digest === head.digest;
      const isSame = changed.every(({ before }) => findKey(data, before)?.digest === before.digest);
      if (!isPresent || !isSame) return { status: 'stale', head: present };
      const after = new Map(changed.map((change) => [change.before.id, change.after]));
      const kept = data.keys.map((key) => withLastUse(after.get(key.id) ?? key, key.lastUsedAt));
      const keys = [...kept, ...added];
      const names = [keys.map(({ id }) => id), keys.map(({ digest }) => digest)];
      if (names.some((all) => new Set(all).size < keys.length)) return { status: 'digest_taken' };
      const replaced = new Map(erased.map((event) => [event.id, event]));
      const log = data.events.map((event) => replaced.get(event.id) ?? event);
      const factors = data.factors.filter(
        (other) => other.owner !== owner || other.actorId !== factor?.actorId,
      );
      if (factor?.document) factors.push({ owner, ...factor, document: factor.document });
      write({ keys, events: [...log, ...events], factors });
      return { status: 'committed', watchedMs: 0 };
    },

    async recordUsage(usage) {
      const data = read();
      const lastUseOf = ({ id, lastUsedAt = 0 }: kit.StoredKey) =>
        Math.max(usage.get(id) ?? 0, lastUsedAt) || undefined;
      write({ ...data, keys: data.keys.map((key) => withLastUse(key, lastUseOf(key))) });
    },

    async list({ cursor, ...query }) {
      const place = cursor === undefined ? undefined : kit.readKeyCursor(cursor);
      const keys = read().keys.filter((key) => key.owner === query.owner);
      keys.sort((one, two) => (isBehind(two, one) ? -1 : 1));
      const passes = (key: kit.StoredKey) =>
        (!place || isBehind(key, place)) && kit.matchesKey(query, key);
      return kit.pageOf(keys, passes, query.limit, kit.keyCursor);
    },

    async listActivity({ cursor, ...query }) {
      const place =
        cursor === undefined ? Number.POSITIVE_INFINITY : kit.readActivityCursor(cursor);
      const events = eventsOf(read(), query.owner).reverse();
      const passes = (event: kit.ActivityEvent) =>
        event.sequence < place && kit.matchesEvent(query, event);
      return kit.pageOf(events, passes, query.limit, kit.activityCursor);
    },
  };
}

function viewOf(data: Data, query: kit.ViewQuery): kit.View {
  if (query.kind === 'key') {
    const key = findKey(data, query);
    const next = data.keys.find(({ id }) => id === key?.replacedBy);
    const keys = [key, next].filter((found) => found !== undefined);
    return { head: key ? headOf(data, key.owner) : kit.EMPTY_HEAD, keys, events: [] };
  }
  const view = { head: headOf(data, query.owner), keys: [], events: [] };
  if (query.kind === 'owner') return view;
  const owned = data.keys.filter(({ owner }) => owner === query.owner);
  if (query.kind === 'unrevoked') {
    return { ...view, keys: owned.filter(({ revokedAt }) => revokedAt === undefined) };
  }
  const { owner, actorId } = query;
  const found = data.factors.find((other) => other.owner === owner && other.actorId === actorId);
  const factor = found && { factor: found.document };
  if (query.kind === 'factor') return { ...view, ...factor };
  const keys = owned.filter(({ createdBy }) => createdBy.id === actorId);
  const events = eventsOf(data, owner).filter(
    ({ actor, erased }) => actor.id === actorId && !erased,
  );
  return { ...view, keys, events, ...factor };
}

const findKey = ({ keys }: Data, { id, owner }: kit.KeyRef) =>
  keys.find((key) => key.id === id && (owner === undefined || key.owner === owner));

const eventsOf = ({ events }: Data, owner: string) =>
  events.filter((event) => event.owner === owner);

function headOf(data: Data, owner: string): kit.ChainHead {
  const newest = eventsOf(data, owner).at(-1);
  return newest ? kit.headAfter(newest) : kit.EMPTY_HEAD;
}

/** Times of last use are no part of a change. */
function withLastUse({ lastUsedAt: _, ...key }: kit.StoredKey, lastUsedAt: number | undefined) {
  return lastUsedAt === undefined ? key : { ...key, lastUsedAt };
}

const isBehind = (key: kit.KeyPlace, place: kit.KeyPlace) =>
  key.createdAt < place.createdAt || (key.createdAt === place.createdAt && key.id < place.id);
