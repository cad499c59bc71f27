import type { KeyStore } from '../../store.ts';
import { memoryStore } from '../../stores/memory.ts';
import { assertEqual } from '../assert.ts';
import { insufficientScope, UNAUTHORIZED } from './answers.ts';
import { ask, assertAnswer, assertAnsweredBy } from './assertions.ts';
import { bearer, type Caller, type Check, onStage, type Stage, type Topic } from './stage.ts';

/** A memory store whose later look-ups answer earlier, so that requests overtake one another. */
function overtaking(requests: number): KeyStore {
  const store = memoryStore();
  let asked = 0;
  return {
    ...store,
    async findByDigest(digest) {
      const delayMs = 2 * (requests - (asked++ % requests));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
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
    { store: overtaking(REQUESTS) },
  );
}

export const concurrency: Topic = {
  'gives each of fifty requests at once its own principal or refusal': keepsApart(),
};
