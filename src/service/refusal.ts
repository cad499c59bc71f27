import { invalid } from '../errors.ts';
import { checkInteger, checkObject, pathOf } from '../fields.ts';
import { HEADER_NAME } from '../http/header-name.ts';
import { type HttpRefusal, type UnauthorizedOptions, unauthorized } from '../http/refusal.ts';

/** RFC 9110 §5.5 without obs-text: visible ASCII, spaces and tabs. */
const HEADER_VALUE = /^[\t -~]*$/;

/**
 * Returns a frozen copy of a refusal, or creates one from options.
 *
 * Throws for a part that no response can have, which would otherwise throw at the first refused request.
 *
 * @throws KeywrightError `invalid_argument` that names the part, such as `unauthorized.headers.Allow`.
 */
export function refusalFrom(given: UnauthorizedOptions | HttpRefusal = {}): HttpRefusal {
  const { status, headers: lines, body }: Partial<HttpRefusal> = Object(given);
  if (status === undefined) return unauthorized(given as UnauthorizedOptions);
  checkInteger(status, 'unauthorized.status', 400, 599);
  checkObject(lines, 'unauthorized.headers');
  const headers = { ...lines };
  for (const [name, value] of Object.entries(headers)) {
    const fits = HEADER_NAME.test(name) && typeof value === 'string' && HEADER_VALUE.test(value);
    if (!fits) {
      throw invalid(pathOf('unauthorized.headers', name), 'must be a header in ASCII');
    }
  }
  if (typeof body !== 'string') throw invalid('unauthorized.body', 'must be a string');
  return Object.freeze({ status, headers: Object.freeze(headers), body });
}
