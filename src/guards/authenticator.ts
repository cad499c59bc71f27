import { invalid } from '../errors.ts';
import { fixRequirement } from '../service/arguments.ts';
import { atOnceOf } from '../service/at-once.ts';
import type { AnyPrincipal, Authenticate, GuardKeys, GuardOptions } from './contract.ts';

/**
 * `keys.authenticate` with what a guard requires. The options are checked and copied once, so a
 * wrong one fails when the guard is made, and one changed later opens nothing.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function authenticator<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller>,
): Authenticate<Caller> {
  if (typeof keys?.authenticate !== 'function') {
    throw invalid('keys', 'must come from createApiKeys()');
  }
  const requirement = fixRequirement(options, keys);
  return (lines) => {
    // Looked for at each request, as the host may put a function of its own there at any time.
    const atOnce = atOnceOf(keys.authenticate);
    if (atOnce === undefined) return keys.authenticate(lines, requirement);
    try {
      return atOnce(lines, requirement) as ReturnType<Authenticate<Caller>>;
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
