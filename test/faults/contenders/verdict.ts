import { isDeepStrictEqual } from 'node:util';
import { contradictionIn, type Holdings, operationsIn } from '../holdings.ts';

export type Move = 'rotate' | 'revoke';

/** What a contender's move came to. */
export interface Outcome {
  readonly move: Move;
  /** Of a rotation that took place. */
  readonly successorId?: string;
  /** The code of a rotation that was refused. */
  readonly refused?: string;
  readonly failure?: string;
}

/** What is wrong with a round over the key `id`; `undefined` if nothing is. */
export function faultIn(
  id: string,
  outcomes: readonly Outcome[],
  holdings: Holdings,
): string | undefined {
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  if (failure !== undefined) return failure;
  const contradiction = contradictionIn(holdings);
  if (contradiction !== undefined) return contradiction;
  const successors = outcomes.flatMap(({ successorId }) => successorId ?? []);
  if (successors.length > 1) return `${successors.length} successors of one rotation`;
  // One event a change, and no rotation after the revocation.
  const changes = [
    { action: 'create', id },
    ...successors.map((successorId) => ({ action: 'rotate', id, successorId })),
    { action: 'revoke', id },
  ];
  if (!isDeepStrictEqual(operationsIn(holdings), changes)) {
    return `the log has ${operationsIn(holdings).map(({ action }) => action)}`;
  }
  return undefined;
}
