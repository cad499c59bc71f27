import type { StoredKey } from '../../record.ts';
import type { AllKeysFilters } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START } from '../fixtures.ts';
import { type AllKeys, acrossOwners, allKeys, putFor } from './all-keys.ts';
import { KEYS_BY_USE } from './list-filters.ts';
import { type Topic, unique } from './subject.ts';
import { putNamed } from './writes.ts';

/** For stores with `listAll`. Other stores pass. */
export const listAllFilters: Topic = {
  'match keys of a creator, compared byte for byte': acrossOwners(async (all) => {
    const creator = unique('user');
    const others = [creator.toUpperCase(), `${creator} `, `${creator}x`, creator.slice(0, -1)];
    for (const id of [creator, ...others]) await putFor(all, { createdBy: { id, role: 'admin' } });
    for (const id of [creator, ...others]) {
      const keys = await allKeys(all, { createdBy: id });
      assertEqual(
        keys.map(({ createdBy }) => createdBy.id),
        [id],
        'the creators',
      );
    }
  }),

  'match keys of a hint, compared byte for byte': acrossOwners(async (all) => {
    const hint = unique('hint');
    await putNamed(
      all.store,
      {
        exact: { hint },
        upper: { hint: hint.toUpperCase() },
        longer: { hint: `${hint}x` },
        padded: { hint: `${hint} ` },
        empty: { hint: '' },
      },
      (overrides) => putFor(all, overrides),
    );
    await assertNames(all, { hint }, ['exact']);
    await assertNames(all, { hint: `${hint} ` }, ['padded']);
    await assertNames(all, { hint: '' }, ['empty']);
    await assertNames(all, { hint: hint.slice(0, -1) }, []);
  }),

  'match keys created from a moment to before another': acrossOwners(async (all) => {
    await putNamed(
      all.store,
      {
        early: { createdAt: START + 9 },
        first: { createdAt: START + 10 },
        last: { createdAt: START + 19 },
        late: { createdAt: START + 20 },
      },
      (overrides) => putFor(all, overrides),
    );
    await assertNames(all, { createdAfter: START + 10 }, ['late', 'last', 'first']);
    await assertNames(all, { createdBefore: START + 20 }, ['last', 'first', 'early']);
    const span = { createdAfter: START + 10, createdBefore: START + 20 };
    await assertNames(all, span, ['last', 'first']);
  }),

  'match keys that expire from a moment to before another': acrossOwners(async (all) => {
    await putNamed(
      all.store,
      {
        never: {},
        late: { expiresAt: START + 20 },
        last: { expiresAt: START + 19 },
        first: { expiresAt: START + 10 },
        early: { expiresAt: START + 9 },
        zero: { expiresAt: 0 },
      },
      (overrides) => putFor(all, overrides),
    );
    await assertNames(all, { expiresAfter: START + 10 }, ['first', 'last', 'late']);
    await assertNames(all, { expiresBefore: START + 10 }, ['zero', 'early']);
    const window = { expiresAfter: START + 10, expiresBefore: START + 20 };
    await assertNames(all, window, ['first', 'last']);
    await assertNames(all, { expiresAfter: 0 }, ['zero', 'early', 'first', 'last', 'late']);
  }),

  'match keys of an environment, of a state, and with a text in their name': acrossOwners(
    async (all) => {
      await putNamed(
        all.store,
        {
          'Test, active': { environment: 'test' },
          'live, expiring': { expiresAt: START + 10 },
          'live, disabled': { enabled: false },
          'live, revoked': { revokedAt: START },
        },
        (overrides) => putFor(all, overrides),
      );
      await assertNames(all, { environment: 'test' }, ['Test, active']);
      await assertNames(all, { state: 'disabled' }, ['live, disabled']);
      await assertNames(all, { state: 'revoked' }, ['live, revoked']);
      const now = START + 10;
      await assertNames(all, { state: 'active', now: now - 1 }, ['live, expiring', 'Test, active']);
      await assertNames(all, { state: 'expired', now }, ['live, expiring']);
      await assertNames(all, { text: 'TEST' }, ['Test, active']);
    },
  ),

  'match keys created before a moment and not used since': acrossOwners(async (all) => {
    await putNamed(all.store, KEYS_BY_USE, (overrides) => putFor(all, overrides));
    const before = ['made early, used early', 'made early, never used'];
    await assertNames(all, { unusedSince: START + 10 }, before);
  }),

  'match only keys for which all of them hold': acrossOwners(async (all) => {
    const hint = unique('hint');
    const fits = { hint, expiresAt: START + 50, lastUsedAt: START + 10 };
    await putNamed(
      all.store,
      {
        'all 1': fits,
        'all, but creator': { ...fits, createdBy: { id: unique('user') } },
        'all, but hint': { ...fits, hint: `${hint}x` },
        'all, but environment': { ...fits, environment: 'test' },
        'all, but enabled': { ...fits, enabled: false },
        'all, but creation': { ...fits, createdAt: START + 90 },
        'all, but expiry': { ...fits, expiresAt: START + 80 },
        'all, but use': { ...fits, lastUsedAt: START + 30 },
        'but text': fits,
        'all 2': fits,
      },
      (overrides) => putFor(all, overrides),
    );
    const narrow = { hint, environment: 'live', state: 'active', text: 'ALL' } as const;
    const span = { createdAfter: START, createdBefore: START + 90, unusedSince: START + 20 };
    const window = { expiresAfter: START + 20, expiresBefore: START + 80 };
    await assertNames(all, { ...narrow, ...span, ...window }, ['all 2', 'all 1']);
  }),
};

/** Fails unless the filters match the keys with these names, in both orders and in pages of any size. */
async function assertNames(
  all: AllKeys,
  filters: Partial<AllKeysFilters>,
  expected: readonly string[],
): Promise<void> {
  for (const limit of [1, 2, 100]) {
    const newest = await allKeys(all, { ...filters, limit });
    const of = JSON.stringify({ ...filters, limit });
    assertEqual(newest.map(nameOf), expected, `the names for ${of}`);
    const expiring = newest.filter(({ expiresAt }) => expiresAt !== undefined);
    const byExpiry = await allKeys(all, { ...filters, order: 'expiry', limit });
    assert(
      byExpiry.every((key, i) => (key.expiresAt ?? 0) >= (byExpiry[i - 1]?.expiresAt ?? 0)),
      `expiries rise for ${of}`,
    );
    assertEqual(
      byExpiry.map(nameOf).sort(),
      expiring.map(nameOf).sort(),
      `the names by expiry for ${of}`,
    );
  }
}

function nameOf({ name }: StoredKey): string {
  return name;
}
