import * as nodeTest from 'node:test';
import { memoryStore } from 'keywright';
import type { TestRunner } from 'keywright/testing';
import { testKeyStore } from 'keywright/testing';
import { describe, expectTypeOf, it } from 'vitest';

describe('TestRunner', () => {
  it('fits vitest and node:test as they are', () => {
    expectTypeOf({ describe, it }).toExtend<TestRunner>();
    expectTypeOf({ describe: nodeTest.describe, it: nodeTest.it }).toExtend<TestRunner>();
  });

  it('fits the shape of Jest, Bun and Mocha', () => {
    interface Jest {
      describe: (name: string | number, body: () => void) => void;
      it: (name: string, check?: (done: () => void) => Promise<unknown>, ms?: number) => void;
    }
    expectTypeOf<Jest>().toExtend<TestRunner>();
  });
});

describe('testKeyStore', () => {
  it('hands to transact what open gave', () => {
    const open = () => ({ store: memoryStore(), begin: async (): Promise<number> => 1 });
    testKeyStore(
      open,
      { describe, it },
      {
        transact: async (opened, work) => {
          expectTypeOf(opened.begin).returns.resolves.toBeNumber();
          await work(opened);
        },
      },
    );
  });

  it('refuses what is no store', () => {
    // @ts-expect-error a store has more than one method
    testKeyStore(() => ({ store: { find: async () => undefined } }), { describe, it });
  });
});
