import { invalid } from '../errors.ts';
import type { AuthorizationLines } from '../http/credentials.ts';
import { checkRequirement } from '../service/arguments.ts';
import type { ApiKeys, Authentication, Requirement } from '../service/contract.ts';

/** The part of a service that a guard needs. */
export type GuardKeys<Environment extends string = string> = Pick<
  ApiKeys<Environment>,
  'format' | 'authenticate'
>;

export type Authenticate<Environment extends string = string> = (
  lines: AuthorizationLines,
) => Promise<Authentication<Environment>>;

/**
 * `keys.authenticate` with what a guard requires. The options are checked and copied once, so a
 * wrong one fails when the guard is made, and one changed later opens nothing.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function authenticator<Environment extends string>(
  keys: GuardKeys<Environment>,
  options: Requirement<Environment>,
): Authenticate<Environment> {
  if (typeof keys?.authenticate !== 'function') {
    throw invalid('keys', 'must come from createApiKeys()');
  }
  const { scopes, environments } = checkRequirement(options, keys.format);
  const requirement = {
    scopes,
    ...(environments && { environments: environments as readonly Environment[] }),
  };
  return (lines) => keys.authenticate(lines, requirement);
}
