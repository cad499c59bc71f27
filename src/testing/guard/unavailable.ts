import type { StoredKey } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { memoryStore } from '../../stores/memory.ts';
import { UNAUTHORIZED, UNAVAILABLE } from './answers.ts';
import { assertAdmitted, assertRefused } from './assertions.ts';
import { bearer, type Check, onStage, type Topic } from './stage.ts';

/** A memory store whose look-ups fail until `mend` is called. */
function failing(lookUp: () => Promise<StoredKey | undefined>) {
  const store = memoryStore();
  let fails = true;
  const broken: KeyStore = {
    ...store,
    findByDigest: (digest) => (fails ? lookUp() : store.findByDigest(digest)),
  };
  return {
    store: broken,
    mend: () => {
      fails = false;
    },
  };
}

const FAILURES: Readonly<Record<string, () => Promise<StoredKey | undefined>>> = {
  rejects: () => Promise.reject(new Error('connection lost')),
  throws: () => {
    throw new Error('connection lost');
  },
  'rejects with nothing': () => Promise.reject(undefined),
  'does not answer in time': () => new Promise(() => {}),
};

function answersUnavailable(lookUp: () => Promise<StoredKey | undefined>): Check {
  return async (open) => {
    const { store, mend } = failing(lookUp);
    const check = onStage(
      async (stage) => {
        for (const path of ['/open', '/read', '/write']) {
          const request = { path, lines: [bearer(stage.caller.token)] };
          await assertRefused(stage, request, UNAVAILABLE, 'unavailable');
          await assertRefused(stage, { ...request, method: 'HEAD' }, UNAVAILABLE, 'unavailable');
        }
        await assertRefused(stage, { path: '/open' }, UNAUTHORIZED, 'absent');
        const malformed = [bearer(`${stage.caller.token}a`)];
        await assertRefused(stage, { path: '/open', lines: malformed }, UNAUTHORIZED, 'malformed');
        mend();
        await assertAdmitted(stage, { path: '/open', lines: [bearer(stage.caller.token)] });
      },
      { store, storeTimeoutMs: 25 },
    );
    await check(open);
  };
}

/** RFC 9110 §15.6.4: while keys cannot be checked, every request with a token is refused with 503. */
export const unavailable: Topic = Object.fromEntries(
  Object.entries(FAILURES).map(([failure, lookUp]) => [
    `answers 503 while the store ${failure}, and recovers`,
    answersUnavailable(lookUp),
  ]),
);
