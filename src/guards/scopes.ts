import { invalid } from '../errors.ts';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { checkScopes } from '../service/arguments.ts';
import { refuseScopes } from '../service/handle.ts';

/**
 * Creates the check of `requireScopes` in every guard. It returns the refusal of a principal that lacks one
 * of the scopes, and `undefined` for one that has them all.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 */
export function scopeCheck(
  scopes: readonly string[],
): (principal: Principal) => HttpRefusal | undefined {
  const required = checkScopes(scopes);
  if (required.length === 0) throw invalid('scopes', 'must name at least one scope');
  return (principal) => refuseScopes(principal, required);
}
