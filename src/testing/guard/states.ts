import type { KeyStore } from '../../store.ts';
import { memoryStore } from '../../stores/memory.ts';
import { generateToken } from '../../token/generate.ts';
import { UNAUTHORIZED } from './answers.ts';
import { ask, assertAdmitted, assertRefused, assertSame } from './assertions.ts';
import { actor, bearer, format, onStage, type Stage, type Topic } from './stage.ts';

const PAST = 1_600_000_000_000;

/** Keys that are refused, by the reason that the hook receives. */
const KEYS = {
  unknown: async () => generateToken(format, 'live'),
  async revoked({ keys, issue }: Stage) {
    const { token, principal } = await issue();
    await keys.revoke(principal.keyId, { actor });
    return token;
  },
  async expired({ keys, issue }: Stage) {
    const { token, principal } = await issue();
    await keys.update(principal.keyId, { expiresAt: PAST }, { actor });
    return token;
  },
  async disabled({ keys, issue }: Stage) {
    const { token, principal } = await issue();
    await keys.update(principal.keyId, { enabled: false }, { actor });
    return token;
  },
  async environment({ issue }: Stage) {
    const { token } = await issue({ environment: 'test' });
    return token;
  },
} as const;

function refusals(open: () => KeyStore): Topic {
  const checks = Object.entries(KEYS).map(([reason, present]) => {
    const refuses = async (stage: Stage) => {
      const request = { path: '/open', lines: [bearer(await present(stage))] };
      const as = reason as keyof typeof KEYS;
      const response = await assertRefused(stage, request, UNAUTHORIZED, as);
      assertSame(response, await ask(stage, { path: '/open' }));
    };
    return [`refuses with the same bytes: ${reason}`, onStage(refuses, { store: open() })];
  });
  return Object.fromEntries(checks);
}

/** A store that answers later, like one on a network. */
function remoteStore(): KeyStore {
  const store = memoryStore();
  return {
    ...store,
    async findByDigest(digest) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return store.findByDigest(digest);
    },
  };
}

/** Well-formed tokens, with a store that answers later. */
export const statesLater: Topic = {
  ...refusals(remoteStore),

  'accepts a valid key': onStage(
    async (stage) => {
      const lines = [bearer(stage.caller.token)];
      await assertAdmitted(stage, { path: '/open', lines }, stage.caller);
    },
    { store: remoteStore() },
  ),
};

/** Well-formed tokens, with a store that answers at once. */
export const states: Topic = {
  ...refusals(memoryStore),

  'accepts both keys of a rotation, and only the new one after the old one is revoked': onStage(
    async (stage) => {
      const old = await stage.issue();
      const { secret, record } = await stage.keys.rotate(old.principal.keyId, { actor });
      const fresh = {
        token: secret.reveal(),
        principal: { ...old.principal, keyId: record.id },
      };
      const asOld = { path: '/open', lines: [bearer(old.token)] };
      const asFresh = { path: '/open', lines: [bearer(fresh.token)] };
      await assertAdmitted(stage, asOld, old);
      await assertAdmitted(stage, asFresh, fresh);
      await stage.keys.revoke(old.principal.keyId, { actor });
      await assertRefused(stage, asOld, UNAUTHORIZED, 'revoked');
      await assertAdmitted(stage, asFresh, fresh);
    },
  ),

  'accepts the environments of the route instead of those of the service': onStage(
    async (stage) => {
      const test = await stage.issue({ environment: 'test' });
      const live = stage.caller;
      await assertAdmitted(stage, { path: '/test', lines: [bearer(test.token)] }, test);
      await assertAdmitted(stage, { path: '/both', lines: [bearer(test.token)] }, test);
      await assertAdmitted(stage, { path: '/both', lines: [bearer(live.token)] }, live);
      const request = { path: '/test', lines: [bearer(live.token)] };
      await assertRefused(stage, request, UNAUTHORIZED, 'environment');
    },
  ),
};
