import type { ChangeFeed } from 'keywright';
import { MemoryLeases } from '../../../src/stores/memory/leases.ts';
import { type Mutants, mutant, type Parts, pause } from './mutant.ts';

/** The feed with some methods that are others. */
export function feed({ leases }: Parts, change: (leases: MemoryLeases) => Partial<ChangeFeed>) {
  return {
    changes: {
      lease: (...asked: Parameters<ChangeFeed['lease']>) => leases.lease(...asked),
      release: (holder: string) => leases.release(holder),
      subscribe: (listener: () => void) => leases.subscribe(listener),
      ...change(leases),
    },
  };
}

export const feedMutants: Mutants = {
  'raises the generation by two for a rotation': mutant(
    { 'the change feed': ['counts one generation for each change that turns a verdict'] },
    ({ inner, leases }) => ({
      rotate: async (...given) => {
        const outcome = await inner.rotate(...given);
        await leases.turn();
        return outcome;
      },
    }),
  ),

  'raises the generation for a creation': mutant(
    { 'the change feed': ['counts none for what turns no verdict'] },
    ({ inner, leases }) => ({
      create: async (...given) => {
        await inner.create(...given);
        await leases.turn();
      },
    }),
  ),

  'raises the generation for a revocation that changes nothing': mutant(
    { 'the change feed': ['counts none for what changes nothing'] },
    ({ inner, leases }) => ({
      revoke: async (...given) => {
        await leases.turn();
        return inner.revoke(...given);
      },
    }),
  ),

  'raises the generation before the change': mutant(
    { 'the change feed': ['counts a change no earlier than it can be read'] },
    ({ inner, leases }) => ({
      rotate: async (...given) => {
        await leases.turn();
        await pause();
        return inner.rotate(...given);
      },
    }),
  ),

  'gives the generation that was seen': mutant(
    { 'the change feed': ['gives the generation of the moment to who has seen another'] },
    (parts) => feed(parts, () => ({ lease: async (_, seen) => seen })),
  ),

  'counts generations by handle': {
    caughtBy: { 'the change feed': ['is one for all owners and handles'] },
    open: () => {
      const { open } = mutant({}, () => ({}));
      const { store } = open();
      return { store, other: { ...store, changes: new MemoryLeases() } };
    },
  },
};

export const pushMutants: Mutants = {
  'does not push': mutant(
    {
      'the push': [
        'calls the listener after each change that turns a verdict',
        'calls every listener',
      ],
    },
    (parts) => feed(parts, () => ({ subscribe: async () => async () => {} })),
  ),

  'pushes to one listener': mutant({ 'the push': ['calls every listener'] }, (parts) => {
    let end = async () => {};
    return feed(parts, (leases) => ({
      subscribe: async (listener) => {
        await end();
        end = await leases.subscribe(listener);
        return end;
      },
    }));
  }),

  'pushes on after the end': mutant(
    { 'the push': ['ends with the function that subscribe gave, for that listener alone'] },
    (parts) =>
      feed(parts, (leases) => ({
        subscribe: async (listener) => {
          await leases.subscribe(listener);
          return async () => {};
        },
      })),
  ),

  'ends all listeners with one': mutant(
    { 'the push': ['ends with the function that subscribe gave, for that listener alone'] },
    (parts) => {
      const ends: (() => Promise<void>)[] = [];
      return feed(parts, (leases) => ({
        subscribe: async (listener) => {
          ends.push(await leases.subscribe(listener));
          return async () => {
            for (const end of ends) await end();
          };
        },
      }));
    },
  ),
};
