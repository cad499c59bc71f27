import type { KeyStore } from '../../store.ts';
import { memoryStore } from '../../stores/memory.ts';
import { assertEqual } from '../assert.ts';
import { insufficientScope, UNAUTHORIZED } from './answers.ts';
import { ask, assertAnswer, assertAnsweredBy } from './assertions.ts';
import { bearer, type Caller, type Check, onStage, type Stage, type Topic } from './stage.ts';

/** How long a look-up waits for the next one, in case the server handles requests one at a time. */
const ALONE_MS = 100;

/** A memory store that delays a look-up until the next one has been answered. */
function overtaking(): KeyStore {
  const store = memoryStore();
  let answerHeld: (() => void) | undefined;
  return {
    ...store,
    async findByDigest(digest) {
      const answerEarlier = answerHeld;
      answerHeld = undefined;
      if (answerEarlier !== undefined) {
        queueMicrotask(answerEarlier);
      } else {
        await new Promise<void>((resolve) => {
          answerHeld = resolve;
          setTimeout(resolve, ALONE_MS);
        });
      }
      return store.findByDigest(digest);
    },
  };
}

const REQUESTS = 50;

/** One request, and the check of its answer. */
type Turn = (stage: Stage) => Promise<void>;

function turns(stage: Stage, callers: readonly Caller[]): Turn[] {
  return Array.from({ length: REQUESTS }, (_, i) => async () => {
    const { token, principal } = callers[i % callers.length] ?? stage.caller;
    const kind = i % 5;
    const path = kind === 3 ? '/read' : '/open';
    const request = { path, lines: [bearer(kind === 4 ? `${token}a` : token)] };
    const response = await ask(stage, request);
    if (kind === 4) assertAnswer(response, request, UNAUTHORIZED);
    else if (kind === 3) assertAnswer(response, request, insufficientScope('orders:read'));
    else assertAnsweredBy(response, request, principal);
  });
}

function keepsApart(): Check {
  return onStage(
    async (stage) => {
      const callers: Caller[] = [];
      for (let i = 0; i < 7; i++) callers.push(await stage.issue({ owner: `org_${i}` }));
      await Promise.all(turns(stage, callers).map((turn) => turn(stage)));
      assertEqual(stage.handled(), (REQUESTS * 3) / 5, 'how often the handler has run');
    },
    { store: overtaking() },
  );
}

export const concurrency: Topic = {
  'answers each of fifty concurrent requests with its own principal or refusal': keepsApart(),
};
