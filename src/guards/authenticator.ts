import { invalid } from '../errors.ts';
import { fixRequirement } from '../service/arguments.ts';
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
  return (lines) => keys.authenticate(lines, requirement);
}
