import type { AuthorizationLines } from '../http/credentials.ts';

/** What tells the Authorization lines of a request, in `node:http` and what is built on it. */
export interface HeaderSource {
  /** Names and values in turn, one pair a field line, as they were sent. */
  readonly rawHeaders?: readonly string[];
  readonly headers: { readonly authorization?: string | readonly string[] | undefined };
}

/**
 * All Authorization field lines of a request.
 *
 * `headers.authorization` will not do: of two lines, Node keeps the first without a word. Where
 * there are no raw headers at all, as in test doubles and shims, it is all there is to read; a
 * value that has been joined there is refused for its comma.
 */
export function authorizationLines({ rawHeaders, headers }: HeaderSource): AuthorizationLines {
  if (rawHeaders === undefined || rawHeaders.length === 0) return headers.authorization;
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    // The length settles it for all but a few names: lower-casing each costs a string.
    if (name?.length === 13 && name.toLowerCase() === 'authorization') {
      lines.push(rawHeaders[i + 1] ?? '');
    }
  }
  return lines;
}
