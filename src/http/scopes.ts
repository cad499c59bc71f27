import type { Principal } from '../record.ts';
import { type HttpRefusal, insufficientScope, unauthorized } from './refusal.ts';

/** Tells its hooks, and gives the answer, when a principal lacks scopes. */
export type ForbidScopes = (principal: Principal, scopes: readonly string[]) => HttpRefusal;

/**
 * Which service authenticated a principal: its refusals bear that service's realm. Under a registered
 * symbol, which the two module formats of the package share where an app loads both; a WeakMap in the
 * place of the property costs a microsecond more for each request.
 */
const FORBID = Symbol.for('keywright.forbid');

type Remembering = Principal & { readonly [FORBID]?: ForbidScopes };

export function rememberForbidder(principal: Principal, forbid: ForbidScopes): void {
  // Not enumerable: no copy, JSON or comparison of the principal has it.
  Object.defineProperty(principal, FORBID, { value: forbid, configurable: true });
}

/** The answer to a principal that lacks one of the scopes; `undefined` if it has them all. */
export function refuseScopes(
  principal: Remembering,
  scopes: readonly string[],
): HttpRefusal | undefined {
  if (hasScopes(principal, scopes)) return undefined;
  const forbid = principal[FORBID] ?? ((_, missing) => insufficientScope(unauthorized(), missing));
  return forbid(principal, scopes);
}

export function hasScopes(
  { scopes: granted }: Pick<Principal, 'scopes'>,
  scopes: readonly string[],
): boolean {
  return scopes.every((scope) => granted.includes(scope));
}
