import type { StoredKey } from '../../record.ts';
import type { KeyQuery } from '../../store.ts';
import { assertEqual } from '../assert.ts';
import { START, trace } from '../fixtures.ts';
import { listedKeys, put, type Subject, type Topic } from './subject.ts';

type Filter = Omit<Partial<KeyQuery>, 'owner' | 'cursor' | 'limit'>;

export const listFilters: Topic = {
  'pass keys of an environment': async (subject) => {
    await putNamed(subject, {
      live: { environment: 'live' },
      upper: { environment: 'LIVE' },
      longer: { environment: 'live_eu' },
      test: { environment: 'test' },
    });
    await assertNames(subject, { environment: 'live' }, ['live']);
    await assertNames(subject, { environment: 'test' }, ['test']);
    await assertNames(subject, { environment: 'none' }, []);
  },

  'pass keys of a state, told by now': async (subject) => {
    await putNamed(subject, {
      active: {},
      expiring: { expiresAt: START + 10 },
      disabled: { enabled: false },
      'disabled, expiring': { enabled: false, expiresAt: START + 10 },
      revoked: { expiresAt: START + 10, enabled: false },
    });
    const { items } = await subject.store.list({ owner: subject.owner, limit: 1, now: START });
    for (const { id } of items) await subject.store.revoke({ id }, trace());
    for (const [now, expired] of [
      [START + 9, []],
      [START + 10, ['disabled, expiring', 'expiring']],
      [START + 11, ['disabled, expiring', 'expiring']],
    ] as const) {
      const running = (name: string) => !(expired as readonly string[]).includes(name);
      const active = ['expiring', 'active'].filter(running);
      const disabled = ['disabled, expiring', 'disabled'].filter(running);
      await assertNames(subject, { state: 'active', now }, active);
      await assertNames(subject, { state: 'disabled', now }, disabled);
      await assertNames(subject, { state: 'expired', now }, expired);
      await assertNames(subject, { state: 'revoked', now }, ['revoked']);
    }
  },

  'pass keys whose name holds a text in whatever case': async (subject) => {
    const names = ['Zapier Production', 'zapier staging', 'ÄRGER', 'ΟΔΟΣ', 'ẞ', 'İstanbul', 'ﬁ'];
    await putNamed(subject, Object.fromEntries(names.map((name) => [name, {}])));
    for (const text of [
      'zapier',
      'ZAPIER',
      'r',
      'Pier S',
      'ärger',
      'ÄR',
      'ß',
      'δος',
      'İ',
      'i',
      'FI',
    ]) {
      const holds = (name: string) => name.toLowerCase().includes(text.toLowerCase());
      await assertNames(subject, { text }, names.filter(holds).reverse());
    }
  },

  'take text as it is, wildcards and all': async (subject) => {
    const names = ['100%', '100x', 'a_b', 'axb', 'a\\b', 'a\\\\b', "it's", '[a-z]', 'a.*b', 'a*'];
    await putNamed(subject, Object.fromEntries(names.map((name) => [name, {}])));
    for (const text of [
      '%',
      '_',
      '\\',
      '\\\\',
      "'",
      '[a-z]',
      '.*',
      '*',
      'a_b',
      '\\%',
      '0%',
      '^',
      '?',
    ]) {
      const holds = (name: string) => name.includes(text);
      await assertNames(subject, { text }, names.filter(holds).reverse());
    }
  },

  'pass keys that expire before a moment': async (subject) => {
    await putNamed(subject, {
      never: {},
      late: { expiresAt: START + 11 },
      sharp: { expiresAt: START + 10 },
      early: { expiresAt: START + 9 },
      zero: { expiresAt: 0 },
    });
    await assertNames(subject, { expiresBefore: START + 10 }, ['zero', 'early']);
    await assertNames(subject, { expiresBefore: START + 11 }, ['zero', 'early', 'sharp']);
    await assertNames(subject, { expiresBefore: 0 }, []);
  },

  'pass keys not used since a moment, or since their creation': async (subject) => {
    await putNamed(subject, {
      'made early, never used': { createdAt: START - 5 },
      'made early, used late': { createdAt: START - 4, lastUsedAt: START + 20 },
      'made early, used then': { createdAt: START - 3, lastUsedAt: START + 10 },
      'made early, used early': { createdAt: START - 2, lastUsedAt: START + 9 },
      'made then, never used': { createdAt: START + 10 },
    });
    const before = ['made early, used early', 'made early, never used'];
    await assertNames(subject, { unusedSince: START + 10 }, before);
    await assertNames(subject, { unusedSince: START - 5 }, []);
    await subject.store.recordUsage(
      new Map((await listedKeys(subject.other, subject)).map(({ id }) => [id, START + 10])),
    );
    await assertNames(subject, { unusedSince: START + 10 }, []);
  },

  'pass keys for which all of them hold': async (subject) => {
    const all = { environment: 'test', expiresAt: START + 5, lastUsedAt: START + 1 };
    await putNamed(subject, {
      'all 1': all,
      'all 2': all,
      'all, but environment': { ...all, environment: 'live' },
      'all, but enabled': { ...all, enabled: false },
      'all, but expiry': { ...all, expiresAt: START + 50 },
      'all, but use': { ...all, lastUsedAt: START + 30 },
      'but text': all,
      'all 3': all,
    });
    const filter: Filter = {
      ...{ environment: 'test', state: 'active', text: 'ALL', now: START + 2 },
      ...{ expiresBefore: START + 10, unusedSince: START + 2 },
    };
    await assertNames(subject, filter, ['all 3', 'all 2', 'all 1']);
  },
};

/** Adds keys, each with its name, the one after the other. */
async function putNamed(
  subject: Subject,
  keys: Readonly<Record<string, Partial<StoredKey>>>,
): Promise<void> {
  let createdAt = START;
  for (const [name, overrides] of Object.entries(keys)) {
    await put(subject, { name, createdAt: createdAt++, ...overrides });
  }
}

/** Fails unless the filter passes keys of these names, newest first, in pages of any size. */
async function assertNames(
  { other, owner }: Subject,
  filter: Filter,
  expected: readonly string[],
): Promise<void> {
  for (const limit of [1, 2, 100]) {
    const keys = await listedKeys(other, { owner, ...filter, limit });
    const of = JSON.stringify({ ...filter, limit });
    assertEqual(
      keys.map(({ name }) => name),
      expected,
      `the names for ${of}`,
    );
  }
}
