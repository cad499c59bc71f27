import { memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { collectChecks } from './fixtures/collecting-runner.ts';
import { transactionalStore } from './fixtures/transactional-store.ts';
import { activityMutants } from './mutants/activity.ts';
import { barrierMutants } from './mutants/barrier.ts';
import { chainMutants } from './mutants/chain.ts';
import { createMutants } from './mutants/creation.ts';
import { erasureMutants } from './mutants/erasure.ts';
import { factorMutants } from './mutants/factors.ts';
import { feedMutants, pushMutants } from './mutants/feed.ts';
import { absenceMutants, fieldMutants, identityMutants } from './mutants/fields.ts';
import { filterMutants } from './mutants/filters.ts';
import { isolationMutants } from './mutants/isolation.ts';
import { listMutants } from './mutants/listing.ts';
import type { Mutants } from './mutants/mutant.ts';
import { raceMutants } from './mutants/races.ts';
import { revokeAllMutants, revokeMutants } from './mutants/revocation.ts';
import { rotateMutants } from './mutants/rotation.ts';
import { transactionMutants } from './mutants/transactions.ts';
import { updateMutants } from './mutants/update.ts';
import { upgradeMutants, usageMutants } from './mutants/usage.ts';

const MUTANTS: Readonly<Record<string, Mutants>> = {
  fields: fieldMutants,
  identity: identityMutants,
  absence: absenceMutants,
  create: createMutants,
  update: updateMutants,
  rotate: rotateMutants,
  revoke: revokeMutants,
  revokeAll: revokeAllMutants,
  recordUsage: usageMutants,
  upgradeDigest: upgradeMutants,
  eraseActor: erasureMutants,
  list: listMutants,
  filters: filterMutants,
  activity: activityMutants,
  chain: chainMutants,
  isolation: isolationMutants,
  races: raceMutants,
  factors: factorMutants,
  feed: feedMutants,
  push: pushMutants,
  barrier: barrierMutants,
  transactions: transactionMutants,
};

const openMemory = () => ({ store: memoryStore() });

/** Every check that a store can be given, whatever its traits. */
const CHECKS = new Set([
  ...collectChecks(openMemory).keys(),
  ...collectChecks(openMemory, { changes: 'poll' }).keys(),
  ...collectChecks(openMemory, { changes: 'none' }).keys(),
  ...collectChecks(openMemory, { transact: async () => {} }).keys(),
  ...collectChecks(openMemory, { factors: false }).keys(),
]);

/** What a check throws, if it does: an assertion, or the error of the store. */
function failureOf(check: () => Promise<void>): Promise<unknown> {
  return check().then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The names of the checks that must find a mutant. */
function namesOf(caughtBy: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(caughtBy).flatMap(([topic, claims]) =>
    claims.map((claim) => `${topic}: ${claim}`),
  );
}

describe('testKeyStore', () => {
  it('has for each of its checks a store that fails it', () => {
    const named = Object.values(MUTANTS).flatMap((mutants) =>
      Object.values(mutants).flatMap(({ caughtBy }) => namesOf(caughtBy)),
    );
    expect([...new Set(named)].sort()).toEqual([...CHECKS].sort());
  });

  describe.concurrent.each(Object.entries(MUTANTS))('on %s', (_, mutants) => {
    it.concurrent.each(Object.entries(mutants))(
      'finds a store that %s',
      async (_fault, { open, caughtBy, traits }) => {
        const checks = collectChecks(open, traits);
        const finds = namesOf(caughtBy).map(async (name) => {
          const check = checks.get(name);
          if (!check) throw new Error(`there is no check "${name}"`);
          const failure = await failureOf(check);
          expect(failure, `${name} fails`).toBeInstanceOf(Error);
          expect(failure, 'the mutant itself is sound').not.toBeInstanceOf(TypeError);
        });
        await Promise.all(finds);
      },
      60_000,
    );
  });

  describe('passes a store that joins transactions of its host', () => {
    const checks = collectChecks(transactionalStore, {
      transact: ({ transact }, work) => transact(work),
    });
    it.each([...checks].filter(([name]) => name.startsWith('transactions')))('%s', (_, check) =>
      check(),
    );
  });
});
