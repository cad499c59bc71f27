import { invalid } from '../errors.ts';
import type { HttpRefusal } from '../http/refusal.ts';
import { refuseScopes } from '../http/scopes.ts';
import type { Principal } from '../record.ts';
import { checkScopes } from '../service/arguments.ts';

/**
 * What `requireScopes` does in every guard: gives the answer to a principal that lacks one of the
 * scopes, `undefined` to one that has them all.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
 */
export function scopeCheck(
  scopes: readonly string[],
): (principal: Principal) => HttpRefusal | undefined {
  const required = checkScopes(scopes);
  if (required.length === 0) throw invalid('scopes', 'must name at least one scope');
  return (principal) => refuseScopes(principal, required);
}
