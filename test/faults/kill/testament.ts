import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../operations.ts';

/** What a victim said of its changes. */
export interface Testament {
  readonly done: readonly Operation[];
  /** The change during which it ended; absent if it ended between two. */
  readonly during?: Operation;
  /** What it threw. */
  readonly failure?: string;
}

export function readTestament(text: string): Testament {
  const done: Operation[] = [];
  let during: Operation | undefined;
  for (const line of text.split('\n')) {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'begin') during = JSON.parse(rest.join(' '));
    if (word === 'failed') return { done, failure: JSON.parse(rest.join(' ')) };
    if (word === 'end' && during !== undefined) {
      done.push(during);
      during = undefined;
    }
  }
  return during === undefined ? { done } : { done, during };
}

/** Whether the change during which the victim ended has taken place; or what does not fit. */
export function fateIn(
  { done, during }: Testament,
  found: readonly Operation[],
): 'committed' | 'absent' | { readonly fault: string } {
  if (isDeepStrictEqual(found, done)) return 'absent';
  if (during !== undefined && isDeepStrictEqual(found, [...done, during])) return 'committed';
  return { fault: `${done.length} changes were acknowledged, and ${found.length} are in the log` };
}
