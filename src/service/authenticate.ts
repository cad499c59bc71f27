import { monotonicMs } from '../clock.ts';
import { invalid } from '../errors.ts';
import {
  type Credentials,
  formatReason,
  type PresentedLines,
  readCredentials,
} from '../http/credentials.ts';
import { deprecationHeaders } from '../http/deprecation.ts';
import { type HttpRefusal, insufficientScope, unavailable } from '../http/refusal.ts';
import { hasScopes } from '../http/scopes.ts';
import { andThen } from '../maybe-promise.ts';
import type { Secret } from '../secret.ts';
import { type RefusalReason, type Verdict, verifyToken } from '../verify.ts';
import type { Authentication, Verification } from './contract.ts';
import { Handles } from './handle.ts';
import { reportVerdict } from './report.ts';
import type { CheckedRequirement } from './requirement.ts';
import type { Service } from './service.ts';

/** Reasons that a caller can tell from the request alone, because the format is public. */
const FORMAT_REASONS: ReadonlySet<RefusalReason> = new Set([
  'absent',
  'repeated',
  'scheme',
  'malformed',
]);

type RefusedVerdict = Extract<Verdict, { ok: false }>;
type AcceptedVerdict = Extract<Verdict, { ok: true }>;

/** Verifies a token on behalf of the application. */
export async function verifyForApplication(service: Service, token: string): Promise<Verification> {
  return andThen(verifyToken(service, token, service.environments), (verdict): Verification => {
    reportVerdict(service, withMisuse(verdict, token));
    return verdict.ok
      ? { ok: true, principal: verdict.principal }
      : { ok: false, reason: verdict.reason };
  });
}

/** Adds an error that explains the mistake if the application passed something other than a token. */
function withMisuse(verdict: Verdict, token: unknown): Verdict {
  if (!isMalformed(verdict)) return verdict;
  const isSecret = typeof (token as Partial<Secret> | null | undefined)?.reveal === 'function';
  if (isSecret) return { ...verdict, error: invalid('token', 'is a Secret: pass secret.reveal()') };
  if (typeof token !== 'string' || !/^bearer /i.test(token)) return verdict;
  const error = invalid(
    'token',
    'begins with "Bearer": pass the token alone, or use authenticate()',
  );
  return { ...verdict, error };
}

/**
 * Authenticates a request, and returns the principal or the response to send. Delays the refusal of a
 * well-formed token, so that its timing reveals neither the reason nor the work of the store.
 */
export function authenticateRequest(
  service: Service,
  presented: PresentedLines,
  { scopes, headers, environments = service.environments }: CheckedRequirement,
): Authentication | Promise<Authentication> {
  const arrivedAt = monotonicMs();
  const credentials = readCredentials(presented, headers);
  const verified = verifyCredentials(service, credentials, environments);
  return andThen(verified, (verdict): Authentication | Promise<Authentication> => {
    const outcome = withScopes(verdict, scopes);
    reportVerdict(service, outcome);
    if (outcome.ok) return acceptance(service, outcome);
    const { reason } = outcome;
    const refused = { ok: false, reason, refusal: refusalFor(service, reason, scopes) } as const;
    return FORMAT_REASONS.has(reason) ? refused : service.refusals.hold(refused, arrivedAt);
  });
}

function verifyCredentials(
  service: Service,
  credentials: Credentials,
  environments: readonly string[],
): Verdict | Promise<Verdict> {
  if ('reason' in credentials) return { ok: false, reason: credentials.reason };
  const { token } = credentials;
  const verdict = verifyToken(service, token, environments);
  // `malformed` is decided before the store is read, so it is never a promise.
  return isMalformed(verdict) ? { ok: false, reason: formatReason(token) } : verdict;
}

function isMalformed(verdict: Verdict | Promise<Verdict>): verdict is RefusedVerdict {
  return 'ok' in verdict && !verdict.ok && verdict.reason === 'malformed';
}

function withScopes(verdict: Verdict, scopes: readonly string[]): Verdict {
  if (!verdict.ok || hasScopes(verdict.key, scopes)) return verdict;
  return { ok: false, reason: 'insufficient_scope', key: verdict.key };
}

function acceptance({ handle }: Service, { key, principal }: AcceptedVerdict): Authentication {
  Handles.attach(principal, handle);
  const headers = deprecationHeaders(key);
  return headers ? { ok: true, principal, headers } : { ok: true, principal };
}

function refusalFor(
  { unauthorized }: Service,
  reason: RefusalReason,
  scopes: readonly string[],
): HttpRefusal {
  if (reason === 'unavailable') return unavailable;
  if (reason === 'insufficient_scope') return insufficientScope(unauthorized, scopes);
  return unauthorized;
}
