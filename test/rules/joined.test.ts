import { memoryStore } from 'keywright';
import { storedKey, trace } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { createRule } from '../../src/rules/create.ts';
import { revokeRule } from '../../src/rules/revoke.ts';
import type { ChangeRule } from '../../src/rules/rule.ts';
import { updateRule } from '../../src/rules/update.ts';
import { failureOf } from '../support.ts';
import { transactionalStore } from '../testing/fixtures/transactional-store.ts';
import { rulesOn } from './support.ts';

const creation = () => createRule('org_1', () => storedKey(), trace());

describe('a change in a transaction of the application', () => {
  it('is refused by a store that joins none', async () => {
    const { changes } = rulesOn(memoryStore());
    const failure = await failureOf(() => changes.make(creation(), { transaction: {} }));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'transaction' });
  });

  it('does not say since when it holds', async () => {
    const { store, transact } = transactionalStore();
    const { changes, put } = rulesOn(store);
    const { id } = await put();
    await transact(async (transaction) => {
      const { effect } = await changes.make(revokeRule({ id }, trace()), { transaction });
      expect(effect).toEqual({ acknowledged: 0, timedOut: 0 });
    });
    expect((await store.find({ id }))?.revokedAt).toBe(trace().at);
  });

  it('does not wait for changes that the process makes outside', async () => {
    const { store, transact } = transactionalStore();
    const { changes, put, log } = rulesOn(store);
    const { id } = await put();
    await transact(async (transaction) => {
      await changes.make(updateRule({ id }, { name: 'one' }, trace()), { transaction });
      // It waits for the transaction, and so would whatever is queued behind it.
      const plain = changes.make(creation());
      await changes.make(updateRule({ id }, { name: 'two' }, trace()), { transaction });
      expect(await failureOf(() => plain)).toMatchObject({ code: 'change_contended' });
    });
    expect((await log()).map(({ change }) => change?.name)).toEqual([undefined, 'one', 'two']);
  });

  it('is contended where its commit is stale', async () => {
    const { store, transact } = transactionalStore('shows an old head');
    const { changes, put } = rulesOn(store);
    await put();
    await put();
    await transact(async (transaction) => {
      const failure = await failureOf(() => changes.make(creation(), { transaction }));
      expect(failure).toMatchObject({ code: 'change_contended' });
    });
  });

  it('leaves the transaction as it was where its rule refuses', async () => {
    const { store, transact } = transactionalStore();
    const { changes, put, log } = rulesOn(store);
    const { id } = await put({ revokedAt: 1 });
    const refused: ChangeRule<unknown> = updateRule({ id }, { name: 'n' }, trace());
    await transact(async (transaction) => {
      const failure = await failureOf(() => changes.make(refused, { transaction }));
      expect(failure).toMatchObject({ code: 'key_revoked' });
      await changes.make(creation(), { transaction });
    });
    expect(await log()).toHaveLength(2);
  });
});
