import type { AuthorizationLines } from '../http/credentials.ts';
import type { Principal } from '../record.ts';
import type { Authentication, Requirement } from '../service/contract.ts';
import type { TokenFormat } from '../token/format.ts';

/** A principal of any service, whatever its environments, scopes and metadata. */
export type AnyPrincipal = Principal<string, string, object>;

/** The part of a service that a guard needs. */
export interface GuardKeys<Caller extends AnyPrincipal = AnyPrincipal> {
  readonly format: TokenFormat;
  readonly scopes?: readonly string[];
  authenticate(
    authorization: AuthorizationLines,
    requirement?: GuardOptions<Caller>,
  ): Promise<Authentication<Caller>>;
}

/** What a guard requires of a key, in the words of the service. */
export type GuardOptions<Caller extends AnyPrincipal = AnyPrincipal> = Requirement<
  Caller['environment'],
  Caller['scopes'][number]
>;

/** What a service says to the Authorization lines of a request; no promise where it knows at once. */
export type Authenticate<Caller extends AnyPrincipal = AnyPrincipal> = (
  lines: AuthorizationLines,
) => Authentication<Caller> | Promise<Authentication<Caller>>;
