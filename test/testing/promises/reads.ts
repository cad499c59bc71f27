import type { JsonValue, StoredKey } from 'keywright';
import { broken, keeping, type Promises, seeing, viewing } from '../fixtures/broken.ts';

const fold = (text: string) => text.normalize('NFKD').toLowerCase().trimEnd();

/** What reads of single keys promise. */
export const readPromises: Promises = {
  'a key comes back verbatim': {
    checks: [
      'fields: are read back if only the required ones are set',
      'fields: are read back if all are set',
      'fields: are read back with each optional one alone',
      'fields: hold times from zero to the largest safe integer',
      'fields: hold hostile text verbatim',
      'fields: hold hostile text verbatim as owner and id',
      'fields: hold the longest text that is allowed',
      'fields: hold scopes in their order',
      'fields: hold any JSON as metadata and as details of an actor',
      'fields: hold a member named __proto__ as any other',
    ],
    broken: {
      'returns absent members as undefined': broken((parts) =>
        seeing(parts, (key) => ({ expiresAt: undefined, ...key }) as StoredKey),
      ),
      'forgets when a key was replaced': keeping(({ replacedAt: _, ...key }) => key),
      'takes a time of zero for none': broken((parts) =>
        seeing(parts, ({ expiresAt, ...key }) => (expiresAt ? { ...key, expiresAt } : key)),
      ),
      'trims names': keeping((key) => ({ ...key, name: key.name.trim() })),
      'composes Unicode': keeping((key) => ({
        ...key,
        scopes: key.scopes.map((scope) => scope.normalize()),
      })),
      'trims owners': keeping((key) => ({ ...key, owner: key.owner.trim() })),
      'cuts names to 255 bytes': keeping((key) => ({
        ...key,
        name: Buffer.from(key.name).subarray(0, 255).toString(),
      })),
      'sorts scopes': keeping((key) => ({ ...key, scopes: [...key.scopes].sort() })),
      'writes numbers with 14 digits': keeping((key) => ({
        ...key,
        metadata: mapped(key.metadata, (value) =>
          typeof value === 'number' ? Number(value.toPrecision(14)) : value,
        ) as StoredKey['metadata'],
      })),
      'copies members by assignment': keeping((key) => ({
        ...key,
        metadata: Object.assign({}, key.metadata),
      })),
      'returns other keys from a view': viewing((view) => ({
        ...view,
        keys: view.keys.map(({ replacedBy: _, ...key }) => key),
      })),
    },
  },

  'owner, id, digest and actor compare byte for byte': {
    checks: [
      'identity: distinguishes owners byte by byte',
      'identity: shows no data of an owner with a similar name in a view',
      'identity: distinguishes ids byte by byte',
      'identity: distinguishes digests byte by byte',
      'identity: distinguishes actors byte by byte',
    ],
    broken: {
      'pads the owners of chains': broken(({ inner }) => ({
        head: (owner) => inner.head(owner.trimEnd()),
      })),
      'views owners by a collation': broken(({ inner, tables }) => ({
        view: (query) => {
          const { owner } = query;
          const owners = [...tables.byDigest.values()].map((key) => key.owner);
          const same = owners.find((other) => fold(other) === fold(owner ?? ''));
          return inner.view(owner === undefined ? query : { ...query, owner: same ?? owner });
        },
      })),
      'compares ids by a collation': broken(({ inner, tables }) => ({
        find: async (ref) => {
          const keys = [...tables.byDigest.values()];
          return (await inner.find(ref)) ?? keys.find(({ id }) => fold(id) === fold(ref.id));
        },
      })),
      'compares digests whatever their case': broken(({ inner }) => ({
        findByDigest: (digest) => inner.findByDigest(digest.toLowerCase()),
      })),
      'lists the events of actors by a collation': broken(({ inner }) => ({
        listActivity: async ({ actorId, ...query }) => {
          const page = await inner.listActivity({ ...query, limit: 100 });
          const passes = (id: string) => actorId === undefined || fold(id) === fold(actorId);
          return { items: page.items.filter(({ actor }) => passes(actor.id)) };
        },
      })),
      'views actors by a collation': broken(({ inner, tables }) => ({
        view: async (query) => {
          if (query.kind !== 'actor') return inner.view(query);
          const view = await inner.view(query);
          const isTheirs = ({ createdBy }: StoredKey) => fold(createdBy.id) === fold(query.actorId);
          return { ...view, keys: tables.keysOf(query.owner).filter(isTheirs) };
        },
      })),
    },
  },

  'absence is undefined, and another owner is absent': {
    checks: [
      'absence: returns undefined for an unknown digest',
      'absence: returns undefined for an unknown id',
      'absence: returns undefined for a key of another owner',
      'absence: does not apply to a key whose owner is given',
      'absence: does not apply to a revoked, expired or disabled key',
      'absence: returns an empty list, log and chain for an unknown owner',
    ],
    broken: {
      'returns null for what is absent': broken(({ inner }) => ({
        find: async (ref) => (await inner.find(ref)) ?? (null as never),
        findByDigest: async (digest) => (await inner.findByDigest(digest)) ?? (null as never),
      })),
      'forgets the owner in find': broken(({ inner }) => ({
        find: ({ id }) => inner.find({ id }),
      })),
      'forgets the owner in a view': broken(({ inner }) => ({
        view: (query) => inner.view(query.kind === 'key' ? { kind: 'key', id: query.id } : query),
      })),
      'finds no key whose owner is named': broken(({ inner }) => ({
        find: async (ref) => (ref.owner === undefined ? inner.find(ref) : undefined),
      })),
      'finds active keys alone': broken(({ inner }) => ({
        findByDigest: async (digest) => {
          const key = await inner.findByDigest(digest);
          return key?.revokedAt === undefined ? key : undefined;
        },
      })),
      'has no head before the first event': broken(({ inner }) => ({
        head: async (owner) => {
          const head = await inner.head(owner);
          return head.sequence === 0 ? { sequence: 0, digest: '' } : head;
        },
      })),
    },
  },

  'a view reads what a change is decided on': {
    checks: [
      'view: of an owner shows only the head',
      'view: of a key shows it and its successor',
      'view: of all keys shows those that are not revoked, of that owner only',
      'view: of an actor shows their keys, events and factor, of that owner only',
      'view: of a second factor shows its document',
      'view: shows no key that is older than its head',
    ],
    broken: {
      'shows all keys with the head': broken(({ inner, tables }) => ({
        view: async (query) => {
          const view = await inner.view(query);
          return query.kind === 'owner' ? { ...view, keys: tables.keysOf(query.owner) } : view;
        },
      })),
      'shows no successor': viewing((view) => ({ ...view, keys: view.keys.slice(0, 1) })),
      'shows 100 keys at most': viewing((view) => ({ ...view, keys: view.keys.slice(0, 100) })),
      'takes a key revoked at 0 for one that is not': broken(({ inner, tables }) => ({
        view: async (query) => {
          if (query.kind !== 'unrevoked') return inner.view(query);
          const keys = tables.keysOf(query.owner).filter(({ revokedAt }) => !revokedAt);
          return { ...(await inner.view(query)), keys };
        },
      })),
      'shows erased events of an actor': broken(({ inner, tables }) => ({
        view: async (query) => {
          if (query.kind !== 'actor') return inner.view(query);
          const events = tables.eventsOf(query.owner).slice(0, 100);
          return { ...(await inner.view(query)), events };
        },
      })),
      'shows no second factor': viewing(({ factor: _, ...view }) => view),
      'reads the keys before the head': broken(({ inner }) => ({
        view: async (query) => {
          const { keys } = await inner.view(query);
          await new Promise((resolve) => setTimeout(resolve, 1));
          return { ...(await inner.view(query)), keys };
        },
        commit: async (change) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return inner.commit(change);
        },
      })),
    },
  },

  'times of last use only ever go forward, and are no part of a change': {
    checks: [
      'recordUsage: records when keys were last used, and changes nothing else',
      'recordUsage: only moves forward',
      'recordUsage: moves forward separately for each key of a batch',
      'recordUsage: ignores unknown ids',
      'recordUsage: does nothing with an empty batch',
      'recordUsage: accepts a batch of 1,000',
      'recordUsage: is not undone by a change that was decided earlier',
      'recordUsage: never makes a revoked key valid again',
      'recordUsage: is seen by every read',
    ],
    broken: {
      'touches the name of a used key': broken(({ inner, tables }) => ({
        recordUsage: async (usage) => {
          await inner.recordUsage(usage);
          for (const id of usage.keys()) {
            const key = tables.find({ id });
            if (key) tables.put({ ...key, name: `${key.name} ` });
          }
        },
      })),
      'goes backward': broken(({ tables }) => ({
        recordUsage: async (usage) => {
          for (const [id, lastUsedAt] of usage) {
            const key = tables.find({ id });
            if (key) tables.put({ ...key, lastUsedAt });
          }
        },
      })),
      'goes forward only where all keys of a batch do': broken(({ inner, tables }) => ({
        recordUsage: async (usage) => {
          const isNew = ([id, at]: [string, number]) => at > (tables.find({ id })?.lastUsedAt ?? 0);
          if ([...usage].every(isNew)) await inner.recordUsage(usage);
        },
      })),
      'stops at an unknown id': broken(({ inner, tables }) => ({
        recordUsage: async (usage) => {
          for (const [id, at] of usage) {
            if (!tables.find({ id })) return;
            await inner.recordUsage(new Map([[id, at]]));
          }
        },
      })),
      'rejects an empty batch': broken(({ inner }) => ({
        recordUsage: async (usage) => {
          if (usage.size === 0) throw new Error('syntax error at or near ")"');
          await inner.recordUsage(usage);
        },
      })),
      'takes 500 of a batch': broken(({ inner }) => ({
        recordUsage: (usage) => inner.recordUsage(new Map([...usage].slice(0, 500))),
      })),
      'writes the time of last use with a change': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          for (const { after } of change.changed) tables.put(after);
          return result;
        },
      })),
      'brings a used key back': broken(({ inner, tables }) => ({
        recordUsage: async (usage) => {
          await inner.recordUsage(usage);
          for (const id of usage.keys()) {
            const key = tables.find({ id });
            if (key?.revokedAt === undefined) continue;
            const { revokedAt: _, ...valid } = key;
            tables.put(valid);
          }
        },
      })),
      'lists keys without their last use': broken(({ inner }) => ({
        list: async (query) => {
          const page = await inner.list(query);
          return { ...page, items: page.items.map(({ lastUsedAt: _, ...key }) => key) };
        },
      })),
    },
  },
};

function mapped(value: JsonValue, change: (value: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(value)) return change(value.map((item: JsonValue) => mapped(item, change)));
  if (typeof value !== 'object' || value === null) return change(value);
  const members = Object.entries(value).map(([name, member]) => [name, mapped(member, change)]);
  return change(Object.fromEntries(members));
}
