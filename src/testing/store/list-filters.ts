import type { StoredKey } from '../../record.ts';
import type { KeyQuery } from '../../store.ts';
import { foldText } from '../../text-folding.ts';
import { assertEqual } from '../assert.ts';
import { START } from '../fixtures.ts';
import { listedKeys, type Subject, type Topic } from './subject.ts';
import { put, putNamed } from './writes.ts';

type Filter = Omit<Partial<KeyQuery>, 'owner' | 'cursor' | 'limit'>;

/** Keys made and used before, at and after `START + 10`. */
export const KEYS_BY_USE: Readonly<Record<string, Partial<StoredKey>>> = {
  'made early, never used': { createdAt: START - 5 },
  'made early, used late': { createdAt: START - 4, lastUsedAt: START + 20 },
  'made early, used then': { createdAt: START - 3, lastUsedAt: START + 10 },
  'made early, used early': { createdAt: START - 2, lastUsedAt: START + 9 },
  'made then, never used': { createdAt: START + 10 },
  // Like an imported key with a last use but without a time of creation.
  'made then, used early': { createdAt: START + 11, lastUsedAt: START + 9 },
};

export const listFilters: Topic = {
  'match keys of an environment': async (subject) => {
    await putNamed(
      subject.store,
      {
        live: { environment: 'live' },
        upper: { environment: 'LIVE' },
        longer: { environment: 'live_eu' },
        test: { environment: 'test' },
      },
      (overrides) => put(subject, overrides),
    );
    await assertNames(subject, { environment: 'live' }, ['live']);
    await assertNames(subject, { environment: 'test' }, ['test']);
    await assertNames(subject, { environment: 'none' }, []);
  },

  'match keys of a state at the time of the query': async (subject) => {
    await putNamed(
      subject.store,
      {
        active: {},
        expiring: { expiresAt: START + 10 },
        disabled: { enabled: false },
        'disabled, expiring': { enabled: false, expiresAt: START + 10 },
        revoked: { expiresAt: START + 10, enabled: false, revokedAt: START },
      },
      (overrides) => put(subject, overrides),
    );
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

  'match keys whose name contains a text, in any case': async (subject) => {
    const names = ['Zapier Production', 'zapier staging', 'ÄRGER', 'ΟΔΟΣ', 'ẞ', 'İstanbul', 'ﬁ'];
    await putNamed(
      subject.store,
      Object.fromEntries(names.map((name) => [name, {}])),
      (overrides) => put(subject, overrides),
    );
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
      const holds = (name: string) => foldText(name).includes(foldText(text));
      await assertNames(subject, { text }, names.filter(holds).reverse());
    }
  },

  'match text literally, including wildcards': async (subject) => {
    const names = ['100%', '100x', 'a_b', 'axb', 'a\\b', 'a\\\\b', "it's", '[a-z]', 'a.*b', 'a*'];
    await putNamed(
      subject.store,
      Object.fromEntries(names.map((name) => [name, {}])),
      (overrides) => put(subject, overrides),
    );
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

  'match keys that expire before a moment': async (subject) => {
    await putNamed(
      subject.store,
      {
        never: {},
        late: { expiresAt: START + 11 },
        sharp: { expiresAt: START + 10 },
        early: { expiresAt: START + 9 },
        zero: { expiresAt: 0 },
      },
      (overrides) => put(subject, overrides),
    );
    await assertNames(subject, { expiresBefore: START + 10 }, ['zero', 'early']);
    await assertNames(subject, { expiresBefore: START + 11 }, ['zero', 'early', 'sharp']);
    await assertNames(subject, { expiresBefore: 0 }, []);
  },

  'match keys created before a moment and not used since': async (subject) => {
    await putNamed(subject.store, KEYS_BY_USE, (overrides) => put(subject, overrides));
    const before = ['made early, used early', 'made early, never used'];
    await assertNames(subject, { unusedSince: START + 10 }, before);
    await assertNames(subject, { unusedSince: START - 5 }, []);
    await subject.store.recordUsage(
      new Map((await listedKeys(subject.other, subject)).map(({ id }) => [id, START + 10])),
    );
    await assertNames(subject, { unusedSince: START + 10 }, []);
  },

  'match only keys for which all of them hold': async (subject) => {
    const all = { environment: 'test', expiresAt: START + 5, lastUsedAt: START + 1 };
    await putNamed(
      subject.store,
      {
        'all 1': all,
        'all 2': all,
        'all, but environment': { ...all, environment: 'live' },
        'all, but enabled': { ...all, enabled: false },
        'all, but expiry': { ...all, expiresAt: START + 50 },
        'all, but use': { ...all, lastUsedAt: START + 30 },
        'but text': all,
        'all 3': all,
      },
      (overrides) => put(subject, overrides),
    );
    const filter: Filter = {
      ...{ environment: 'test', state: 'active', text: 'ALL', now: START + 2 },
      ...{ expiresBefore: START + 10, unusedSince: START + 20 },
    };
    await assertNames(subject, filter, ['all 3', 'all 2', 'all 1']);
  },
};

/** Fails unless the filter matches the keys with these names, newest first, in pages of any size. */
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
