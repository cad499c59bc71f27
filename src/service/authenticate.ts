import { type AuthorizationLines, readAuthorization } from '../http/credentials.ts';
import { deprecationHeaders } from '../http/deprecation.ts';
import { type HttpRefusal, insufficientScope, unavailable } from '../http/refusal.ts';
import { type ForbidScopes, hasScopes, rememberForbidder } from '../http/scopes.ts';
import { defined } from '../json.ts';
import type { KeyRecord } from '../record.ts';
import { type RefusalReason, type Verdict, verifyToken } from '../verify.ts';
import { whenKnown } from '../when-known.ts';
import { checkRequirement } from './arguments.ts';
import type { Authentication, Requirement, Verification } from './contract.ts';
import type { Service } from './service.ts';

/** From a token to a principal. */
export async function verify(service: Service, token: string): Promise<Verification> {
  return whenKnown(verifyToken(service, token, service.environments), (verdict) => {
    report(service, verdict);
    return verdict.ok
      ? { ok: true, principal: verdict.principal }
      : { ok: false, reason: verdict.reason };
  });
}

/**
 * From an Authorization header to a principal, or to the answer to send: at once, where the store has
 * the key at hand.
 */
export function authenticate(
  service: Service,
  authorization: AuthorizationLines,
  requirement: Requirement = {},
): Authentication | Promise<Authentication> {
  const { scopes, environments = service.environments } = checkRequirement(requirement, service);
  const pending = judge(service, authorization, environments, scopes);
  return whenKnown(pending, (verdict) => conclude(service, verdict, scopes));
}

function conclude(service: Service, verdict: Verdict, scopes: readonly string[]): Authentication {
  report(service, verdict);
  if (!verdict.ok) {
    const { reason } = verdict;
    return { ok: false, reason, refusal: refusalOf(service, reason, scopes) };
  }
  const { key, principal } = verdict;
  rememberForbidder(principal, service.forbid);
  const headers = deprecationHeaders(key);
  return headers ? { ok: true, principal, headers } : { ok: true, principal };
}

/** How a service answers a route that asks for scopes after authentication. */
export function forbidder({
  unauthorized,
  hooks,
}: Pick<Service, 'unauthorized' | 'hooks'>): ForbidScopes {
  return ({ keyId, owner, environment }, scopes) => {
    const reason = 'insufficient_scope';
    hooks.emit({ type: 'refused', at: hooks.now(), reason, keyId, owner, environment });
    return insufficientScope(unauthorized, scopes);
  };
}

function judge(
  service: Service,
  authorization: AuthorizationLines,
  environments: readonly string[],
  scopes: readonly string[],
): Verdict | Promise<Verdict> {
  const credentials = readAuthorization(authorization);
  if ('reason' in credentials) return { ok: false, reason: credentials.reason };
  const pending = verifyToken(service, credentials.token, environments);
  return whenKnown(pending, (verdict) => withScopes(verdict, scopes));
}

function withScopes(verdict: Verdict, scopes: readonly string[]): Verdict {
  if (!verdict.ok || hasScopes(verdict.key, scopes)) return verdict;
  return { ok: false, reason: 'insufficient_scope', key: verdict.key };
}

function report({ hooks, usage }: Service, verdict: Verdict): void {
  if (verdict.ok) {
    const { key, at } = verdict;
    usage.note(key.id, at);
    if (!hooks.active) return;
    hooks.emit({ type: 'verified', at, ...subjectOf(key) });
    const { replacedBy, replacedAt, expiresAt } = key;
    if (replacedBy === undefined || replacedAt === undefined) return;
    const replaced = defined({ replacedBy, replacedAt, endsAt: expiresAt });
    hooks.emit({ type: 'deprecated', at, ...subjectOf(key), ...replaced });
  } else if (hooks.active) {
    const { reason, key, error } = verdict;
    hooks.emit({
      type: 'refused',
      at: hooks.now(),
      reason,
      ...(key && subjectOf(key)),
      ...(error === undefined ? {} : { error }),
    });
  }
}

function subjectOf({ id, owner, environment }: KeyRecord) {
  return { keyId: id, owner, environment };
}

function refusalOf(
  service: Service,
  reason: RefusalReason,
  scopes: readonly string[],
): HttpRefusal {
  if (reason === 'unavailable') return unavailable;
  if (reason === 'insufficient_scope') return insufficientScope(service.unauthorized, scopes);
  return service.unauthorized;
}
