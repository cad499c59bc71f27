import type { JsonObject } from '../../json.ts';
import type { StoredKey } from '../../record.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey } from '../fixtures.ts';
import { assertFound, chainOf, listedKeys, type Subject, type Topic, unique } from './subject.ts';
import { CONTROL_TEXTS, HOSTILE_TEXTS } from './texts.ts';
import { addDraft, put, write } from './writes.ts';

/** The fields of a key, which every read must return as they were stored. */
export const fields: Topic = {
  'are read back if only the required ones are set': (subject) => roundTrip(subject, {}),

  'are read back if all are set': (subject) => roundTrip(subject, ALL),

  'are read back with each optional one alone': async (subject) => {
    for (const [name, value] of Object.entries(OPTIONAL)) {
      await roundTrip(subject, { [name]: value });
    }
  },

  'hold times from zero to the largest safe integer': async (subject) => {
    for (const time of [0, 1, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
      const times = { createdAt: time, expiresAt: time, replacedAt: time };
      await roundTrip(subject, times);
      await roundTrip(subject, { revokedAt: time });
    }
  },

  'hold hostile text verbatim': async (subject) => {
    for (const text of HOSTILE_TEXTS) {
      await roundTrip(subject, {
        name: text,
        hint: text,
        environment: text,
        scopes: [text, `${text}:read`],
        metadata: { [text]: text },
        createdBy: { id: text, [`${text} name`]: text },
        replaces: text,
        replacedBy: text,
      });
    }
  },

  'hold hostile text verbatim as owner and id': async (subject) => {
    for (const text of HOSTILE_TEXTS) {
      await roundTrip(subject, { owner: text, id: text });
    }
  },

  'hold the longest text that is allowed': async (subject) => {
    const longest = (characters: number) => '🔑'.repeat(characters);
    await roundTrip(subject, {
      id: longest(255),
      owner: longest(255),
      name: longest(100),
      environment: 'e'.repeat(32),
      hint: 'h'.repeat(64),
      scopes: Array.from({ length: 100 }, (_, i) => `${i}:`.padEnd(100, 's')),
      metadata: { text: 'm'.repeat(4096 - '{"text":""}'.length) },
      createdBy: { id: longest(255) },
      replaces: longest(255),
      replacedBy: longest(255),
    });
  },

  'hold scopes in their order': (subject) =>
    roundTrip(subject, { scopes: ['z', 'a', 'B', 'b', 'a:b', '10', '9'] }),

  'hold any JSON as metadata and as details of an actor': async (subject) => {
    for (const metadata of METADATA) {
      await roundTrip(subject, { metadata, createdBy: { ...metadata, id: 'user_1' } });
    }
  },

  'hold a member named __proto__ as any other': async (subject) => {
    const metadata: JsonObject = JSON.parse('{"__proto__":{"admin":true},"a":{"__proto__":1}}');
    const createdBy = JSON.parse('{"id":"user_1","__proto__":{"admin":true}}');
    await roundTrip(subject, { metadata, createdBy });
  },
};

const OPTIONAL: Partial<StoredKey> = {
  expiresAt: START + 1,
  revokedAt: START + 3,
  replaces: 'key_before',
  replacedBy: 'key_after',
  replacedAt: START + 4,
};

const ALL: Partial<StoredKey> = {
  ...OPTIONAL,
  scopes: ['orders:read', 'orders:write'],
  metadata: { plan: 'pro', seats: 3 },
  enabled: false,
  createdBy: { id: 'user_2', name: 'Ada', roles: ['admin'] },
};

const METADATA: readonly JsonObject[] = [
  { none: null, yes: true, no: false, empty: '', object: {}, array: [], nested: [[], {}, [{}]] },
  { numbers: [0, 1, -1, 0.1, 0.1 + 0.2, 1 / 3, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 31, 2 ** 63] },
  { numbers: [1e21, 1e-7, 1.5e300, 5e-324, Number.MAX_VALUE, 123456789.12345679] },
  { z: 1, a: 2, Z: 3, 10: 'ten', 9: 'nine', '': 'empty', 'a.b': 'dot', $gt: '', '\u{1f511}': '' },
  { texts: [...HOSTILE_TEXTS, ...CONTROL_TEXTS] },
  { [CONTROL_TEXTS.join('')]: 'a name of control characters' },
  { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: { k: { l: 'deep' } } } } } } } } } } } },
];

/** Stores a key with these fields, and reads it back with every method. */
async function roundTrip(subject: Subject, overrides: Partial<StoredKey>): Promise<void> {
  const { store, other } = subject;
  const key = Object.freeze(storedKey({ owner: unique('org'), ...overrides }));
  await write(store, key.owner, addDraft(key));
  for (const handle of [store, other]) {
    assertEqual(await handle.find({ id: key.id }), key, 'find');
    await assertFound(handle, key.digest, key, 'findByDigest');
    const view = await handle.view({ kind: 'key', id: key.id });
    assertEqual(view.keys[0], key, 'view');
    assertEqual(await listedKeys(handle, { owner: key.owner }), [key], 'list');
    const [event] = await chainOf(handle, key.owner);
    assertEqual(event?.actor, key.createdBy, 'the actor of the event');
  }
  await put(subject); // a store that mixes up rows fails on the next key
  assertEqual(await other.find({ id: key.id }), key, 'find, after another key');
}
