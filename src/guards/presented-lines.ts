import type { AuthorizationLines, PresentedLines } from '../http/credentials.ts';
import { checkHeaders } from '../service/requirement.ts';

/**
 * Returns a function that reads the field lines of a request in the headers of a guard's option.
 *
 * @param headers the `headers` option of the guard
 * @param linesOf returns all raw field lines of one header of a request, by its lower-case name
 * @throws KeywrightError `invalid_argument` that names the header.
 */
export function presentedLines<Incoming>(
  headers: readonly string[] | undefined,
  linesOf: (request: Incoming, name: string) => AuthorizationLines,
): (request: Incoming) => PresentedLines {
  const names = checkHeaders(headers);
  const [only] = names;
  if (names.length === 1 && only === 'authorization') return (request) => linesOf(request, only);
  return (request) => Object.fromEntries(names.map((name) => [name, linesOf(request, name)]));
}
