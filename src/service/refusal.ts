import { invalid } from '../errors.ts';
import { checkObject, pathOf } from '../fields.ts';
import { type HttpRefusal, type UnauthorizedOptions, unauthorized } from '../http/refusal.ts';
import { checkInteger } from './arguments.ts';

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
    // RFC 9110 §5.1, §5.5: a token, and visible ASCII with spaces and tabs.
    const fits = /^[\w!#$%&'*+.^`|~-]+\n[\t -~]*$/.test(`${name}\n${value}`);
    if (!fits || typeof value !== 'string') {
      throw invalid(pathOf('unauthorized.headers', name), 'must be a header in ASCII');
    }
  }
  if (typeof body !== 'string') throw invalid('unauthorized.body', 'must be a text');
  return Object.freeze({ status, headers: Object.freeze(headers), body });
}
