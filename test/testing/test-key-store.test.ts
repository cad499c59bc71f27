import { memoryStore } from 'keywright';
import type { StoreTraits } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { collectChecks } from './fixtures/collecting-runner.ts';
import { transactionalStore } from './fixtures/transactional-store.ts';
import { SOUND_CONNECTIONS } from './promises/connections.ts';
import { SCOPED } from './promises/scopes.ts';
import { PROMISES } from './promises.ts';

const openMemory = () => ({ store: memoryStore() });

/** Every check that a store can be given, whatever its traits. */
const CHECKS = new Set(
  [
    {},
    { changes: 'poll' },
    { changes: 'none', deliveries: false },
    { hold: true, transact: async () => {} },
    { dirty: () => [] },
  ].flatMap((traits) => [...collectChecks(openMemory, traits as StoreTraits).keys()]),
);

/** What a check throws, if it does: an assertion, or the error of the store. */
function failureOf(check: () => Promise<void>): Promise<unknown> {
  return check().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('testKeyStore', () => {
  it('names each check in one promise', () => {
    const named = Object.values(PROMISES).flatMap(({ checks }) => checks);
    expect([...named].sort()).toEqual([...CHECKS].sort());
  });

  describe.concurrent.each(Object.entries(PROMISES))('holds a store to: %s', (_, promise) => {
    it('fails every store that breaks it, and has one for every check', async ({ expect }) => {
      const caught = await Promise.all(
        Object.entries(promise.broken).map(async ([fault, { open, traits }]) => {
          const checks = collectChecks(open, { rounds: 2, ...traits });
          const failed = await Promise.all(
            promise.checks.map(async (name) => {
              const check = checks.get(name);
              if (check === undefined) return [];
              const failure = await failureOf(check);
              expect(failure, `${fault} is sound code`).not.toBeInstanceOf(TypeError);
              return failure === undefined ? [] : [name];
            }),
          );
          expect(failed.flat(), `a store that ${fault} fails`).not.toEqual([]);
          return failed.flat();
        }),
      );
      expect([...new Set(caught.flat())].sort()).toEqual([...promise.checks].sort());
    }, 60_000);
  });

  describe('passes a store with holds and transactions', () => {
    const checks = collectChecks(transactionalStore, SCOPED);
    it.each([...checks].filter(([name]) => /^(hold|transactions)/.test(name)))('%s', (_, check) =>
      check(),
    );
  });

  describe('passes a store whose connections are right or refuse', () => {
    const checks = collectChecks(SOUND_CONNECTIONS.open, SOUND_CONNECTIONS.traits);
    it.each([...checks].filter(([name]) => name.startsWith('dirty')))('%s', (_, check) => check());
  });
});
