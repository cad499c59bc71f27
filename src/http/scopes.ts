import type { Principal } from '../record.ts';
import { type HttpRefusal, insufficientScope, unauthorized } from './refusal.ts';

/** Tells its hooks, and gives the answer, when a principal lacks scopes. */
export type ForbidScopes = (principal: Principal, scopes: readonly string[]) => HttpRefusal;

/** Which service authenticated a principal: its refusals bear that service's realm. */
const forbidders = new WeakMap<Principal, ForbidScopes>();

export function rememberForbidder(principal: Principal, forbid: ForbidScopes): void {
  forbidders.set(principal, forbid);
}

/** The answer to a principal that lacks one of the scopes; `undefined` if it has them all. */
export function refuseScopes(
  principal: Principal,
  scopes: readonly string[],
): HttpRefusal | undefined {
  if (hasScopes(principal, scopes)) return undefined;
  const forbid =
    forbidders.get(principal) ?? ((_, missing) => insufficientScope(unauthorized(), missing));
  return forbid(principal, scopes);
}

export function hasScopes(
  { scopes: granted }: Pick<Principal, 'scopes'>,
  scopes: readonly string[],
): boolean {
  return scopes.every((scope) => granted.includes(scope));
}
