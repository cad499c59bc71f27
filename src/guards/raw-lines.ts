import type { AuthorizationLines } from '../http/credentials.ts';

/** The header lines of a request of `node:http`, or of a framework on it. */
export interface HeaderSource {
  /** Names and values in turn, one pair per field line, as they were sent. */
  readonly rawHeaders?: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Returns all field lines of one header of a request.
 *
 * Does not read `headers[name]`, in which Node silently keeps the first of two lines. Only without raw
 * headers, as in test doubles and shims, there is nothing else to read. A joined value is then refused for
 * its comma.
 *
 * @param name in lower case
 */
export function fieldLines(
  { rawHeaders, headers }: HeaderSource,
  name: string,
): AuthorizationLines {
  if (rawHeaders === undefined || rawHeaders.length === 0) return headers[name];
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const sent = rawHeaders[i];
    // The length excludes most names; lower-casing each of them would allocate a string.
    if (sent?.length === name.length && sent.toLowerCase() === name) {
      lines.push(rawHeaders[i + 1] ?? '');
    }
  }
  return lines;
}
