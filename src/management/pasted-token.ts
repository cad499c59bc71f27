import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import type { TokenFormat } from '../token/format.ts';
import { parseToken } from '../token/parse.ts';

/** Whether a text contains a token of the service. */
export type FindsToken = (text: string) => boolean;

/** Finds words that parse as tokens of the format, and matches of the legacy patterns. */
export function tokenFinder(format: TokenFormat, patterns: readonly string[]): FindsToken {
  const old = patterns.map((pattern) => new RegExp(pattern));
  return (text) =>
    text.split(/\W/).some((word) => parseToken(format, word) !== undefined) ||
    old.some((pattern) => pattern.test(text));
}

/**
 * Refuses a request with a whole token in its path, query or body. People paste a token to find its
 * key, or into a name or metadata. From there it would reach the database and its log.
 *
 * @param parts the parts of the request, by name
 * @throws KeywrightError `invalid_argument` that names the part, and never shows it.
 */
export function assertNoToken(
  findsToken: FindsToken,
  parts: Iterable<readonly [string, unknown]>,
): void {
  for (const [name, value] of parts) {
    if (!holdsToken(findsToken, value)) continue;
    const argument = pathOf('', name).replace(/^\./, '');
    throw invalid(argument, 'contains an API key: send its id or the start of the key instead');
  }
}

/** Whether a value contains a token, at any depth. */
function holdsToken(findsToken: FindsToken, value: unknown): boolean {
  // A list instead of recursion: a body may be 16,000 levels deep.
  const left: unknown[] = [value];
  while (left.length > 0) {
    const part = left.pop();
    if (typeof part === 'string') {
      if (findsToken(part)) return true;
    } else if (typeof part === 'object' && part !== null) {
      for (const [name, member] of Object.entries(part)) left.push(name, member);
    }
  }
  return false;
}
