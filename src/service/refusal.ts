import { invalid } from '../errors.ts';
import { checkObject, pathOf } from '../fields.ts';
import { type HttpRefusal, type UnauthorizedOptions, unauthorized } from '../http/refusal.ts';
import { checkInteger } from './arguments.ts';

/** RFC 9110 §5.1: a token. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** RFC 9110 §5.5, without what is obsolete: visible ASCII, spaces and tabs. */
const HEADER_VALUE = /^[\t -~]*$/;

/**
 * A refusal that was made, as a copy that nobody changes, or one to be made.
 *
 * What no response can have is refused here: it would throw at the first request that is refused.
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
  if (typeof body !== 'string') throw invalid('unauthorized.body', 'must be a text');
  return Object.freeze({ status, headers: Object.freeze(headers), body });
}
