import type { StoredKey } from 'keywright';
import type { JsonValue } from '../../../src/json.ts';
import { keeping, type Mutants, mutant, seeing } from './mutant.ts';

const fold = (text: string) => text.normalize('NFKD').toLowerCase().trimEnd();

export const fieldMutants: Mutants = {
  'gives absent members as undefined': mutant(
    { fields: ['come back where only the required ones are given'] },
    ({ inner }) => seeing(inner, (key) => ({ expiresAt: undefined, ...key }) as StoredKey),
  ),

  'forgets when a key was replaced': mutant(
    { fields: ['come back where all are given', 'come back with each optional one alone'] },
    ({ inner }) => keeping(inner, ({ replacedAt: _, ...key }) => key),
  ),

  'takes a time of zero for none': mutant(
    { fields: ['hold times from zero to the largest safe integer'] },
    ({ inner }) =>
      seeing(inner, ({ expiresAt, ...key }) => (expiresAt ? { ...key, expiresAt } : key)),
  ),

  'gives large times as text': mutant(
    { fields: ['hold times from zero to the largest safe integer'] },
    ({ inner }) =>
      seeing(inner, (key) =>
        key.createdAt > 2 ** 52 ? { ...key, createdAt: String(key.createdAt) as never } : key,
      ),
  ),

  'trims names': mutant({ fields: ['hold hostile text verbatim'] }, ({ inner }) =>
    keeping(inner, (key) => ({ ...key, name: key.name.trim() })),
  ),

  'composes Unicode': mutant({ fields: ['hold hostile text verbatim'] }, ({ inner }) =>
    keeping(inner, (key) => ({ ...key, scopes: key.scopes.map((scope) => scope.normalize()) })),
  ),

  'trims owners': mutant({ fields: ['hold hostile text verbatim as owner and id'] }, ({ inner }) =>
    keeping(inner, (key) => ({ ...key, owner: key.owner.trim() })),
  ),

  'keeps keys in an object by id': mutant(
    { fields: ['hold hostile text verbatim as owner and id'] },
    ({ inner }) => {
      const names: Record<string, string> = {};
      return {
        ...seeing(inner, (key) => ({ ...key, name: names[key.id] as string })),
        create: async (key, trace) => {
          await inner.create(key, trace);
          names[key.id] = key.name;
        },
      };
    },
  ),

  'cuts text to 255 bytes': mutant(
    { fields: ['hold the longest text that is allowed'] },
    ({ inner }) =>
      keeping(inner, (key) => ({
        ...key,
        name: Buffer.from(key.name).subarray(0, 255).toString(),
      })),
  ),

  'sorts scopes': mutant({ fields: ['hold scopes in their order'] }, ({ inner }) =>
    keeping(inner, (key) => ({ ...key, scopes: [...key.scopes].sort() })),
  ),

  'writes numbers with 14 digits': mutant(
    { fields: ['hold any JSON as metadata and as details of an actor'] },
    ({ inner }) =>
      keeping(inner, (key) => ({
        ...key,
        metadata: mapped(key.metadata, (value) =>
          typeof value === 'number' ? Number(value.toPrecision(14)) : value,
        ) as StoredKey['metadata'],
      })),
  ),

  'takes an empty array for an empty object': mutant(
    { fields: ['hold any JSON as metadata and as details of an actor'] },
    ({ inner }) =>
      keeping(inner, (key) => ({
        ...key,
        metadata: mapped(key.metadata, (value) =>
          Array.isArray(value) && value.length === 0 ? {} : value,
        ) as StoredKey['metadata'],
      })),
  ),

  'copies members by assignment': mutant(
    { fields: ['hold a member named __proto__ as any other'] },
    ({ inner }) => keeping(inner, (key) => ({ ...key, metadata: Object.assign({}, key.metadata) })),
  ),
};

export const identityMutants: Mutants = {
  'compares owners by a collation': mutant(
    {
      identity: [
        'tells owners apart byte by byte',
        'changes the keys of no owner of a similar name',
      ],
    },
    ({ inner }) => {
      const folded = async ({ id, owner }: { id: string; owner?: string }) => {
        const key = await inner.find({ id });
        const same = owner !== undefined && key && fold(owner) === fold(key.owner);
        return { id, owner: same ? key.owner : (owner ?? '') };
      };
      return {
        find: async (ref) => inner.find(await folded(ref)),
        update: async (ref, change, trace) => inner.update(await folded(ref), change, trace),
      };
    },
  ),

  'pads the owners of chains': mutant(
    { identity: ['tells owners apart byte by byte'] },
    ({ inner }) => ({ head: (owner) => inner.head(owner.trimEnd()) }),
  ),

  'compares ids by a collation': mutant(
    { identity: ['tells ids apart byte by byte'] },
    ({ inner }) => {
      const ids = new Map<string, string>();
      return {
        create: async (key, trace) => {
          await inner.create(key, trace);
          ids.set(fold(key.id), key.id);
        },
        find: (ref) => inner.find({ ...ref, id: ids.get(fold(ref.id)) ?? ref.id }),
      };
    },
  ),

  'compares digests whatever their case': mutant(
    { identity: ['tells digests apart byte by byte'] },
    ({ inner }) => ({ findByDigest: (digest) => inner.findByDigest(digest.toLowerCase()) }),
  ),

  'compares actors by a collation': mutant(
    { identity: ['tells actors apart byte by byte'] },
    ({ inner }) => ({
      listActivity: async ({ actorId, ...query }) => {
        const page = await inner.listActivity({ ...query, limit: 100 });
        const passes = (id: string) => actorId === undefined || fold(id) === fold(actorId);
        return { items: page.items.filter(({ actor }) => passes(actor.id)) };
      },
    }),
  ),

  'erases actors by a collation': mutant(
    { identity: ['tells actors apart byte by byte'] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const ids = tables.eventsOf(owner).map(({ actor }) => actor.id);
        const similar = ids.find((id) => fold(id) === fold(actorId)) ?? actorId;
        return inner.eraseActor(owner, similar, trace);
      },
    }),
  ),
};

export const absenceMutants: Mutants = {
  'gives null for what is absent': mutant(
    {
      absence: [
        'of a digest is undefined',
        'of an id is undefined, and a change of it changes nothing',
      ],
    },
    ({ inner }) => ({
      find: async (ref) => (await inner.find(ref)) ?? (null as never),
      findByDigest: async (digest) => (await inner.findByDigest(digest)) ?? (null as never),
    }),
  ),

  'rejects a change of no key': mutant(
    { absence: ['of an id is undefined, and a change of it changes nothing'] },
    ({ inner }) => ({
      revoke: async (ref, trace) => {
        const key = await inner.revoke(ref, trace);
        if (key === undefined) throw new Error('key_not_found');
        return key;
      },
    }),
  ),

  ...Object.fromEntries(
    (['find', 'update', 'rotate', 'revoke'] as const).map((method) => [
      `forgets the owner in ${method}`,
      mutant(
        { absence: ["of another owner's key is undefined, and a change of it changes nothing"] },
        ({ inner }) => ({
          [method]: ({ id }: { id: string }, ...rest: never[]) =>
            (inner[method] as (...args: unknown[]) => unknown)({ id }, ...rest),
        }),
      ),
    ]),
  ),

  'finds no key whose owner is named': mutant(
    { absence: ['is not of a key whose owner is named'] },
    ({ inner }) => ({
      update: async (ref, change, trace) =>
        ref.owner === undefined ? inner.update(ref, change, trace) : undefined,
    }),
  ),

  'finds active keys alone': mutant(
    { absence: ['is not of a key that is revoked, expired or disabled'] },
    ({ inner }) => ({
      findByDigest: async (digest) => {
        const key = await inner.findByDigest(digest);
        return key?.revokedAt === undefined ? key : undefined;
      },
    }),
  ),

  'has no head before the first event': mutant(
    { absence: ['of an owner is a list, a log and a chain without items'] },
    ({ inner }) => ({
      head: async (owner) => {
        const head = await inner.head(owner);
        return head.sequence === 0 ? { sequence: 0, digest: '' } : head;
      },
    }),
  ),
};

function mapped(value: JsonValue, change: (value: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(value)) return change(value.map((item: JsonValue) => mapped(item, change)));
  if (typeof value !== 'object' || value === null) return change(value);
  const members = Object.entries(value).map(([name, member]) => [name, mapped(member, change)]);
  return change(Object.fromEntries(members));
}
