import type { JsonObject } from '../json.ts';
import type { ChangeEffect } from '../rules/barrier.ts';

/** How long a request waits for its change to hold in every process. A lease may be much longer. */
export const WAIT_MS = 2000;

/** The member of a response whose change may not hold in every process yet. */
export const EFFECTIVE_BY: JsonObject = {
  effectiveBy: {
    type: 'integer',
    description:
      'When the change holds in every process. Absent if it already does. Epoch milliseconds.',
  },
};

export function effectiveBy({ effectiveBy: at }: ChangeEffect): { readonly effectiveBy?: number } {
  return at === undefined ? {} : { effectiveBy: at };
}
