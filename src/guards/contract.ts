import type { PresentedLines } from '../http/credentials.ts';
import type { Principal } from '../record.ts';
import type { Authentication, Requirement } from '../service/contract.ts';
import type { TokenFormat } from '../token/format.ts';

/** A principal of any service, with any environments, scopes and metadata. */
export type AnyPrincipal = Principal<string, string, object>;

/** The part of a service that a guard needs. */
export interface GuardKeys<Caller extends AnyPrincipal = AnyPrincipal> {
  readonly format: TokenFormat;
  readonly scopes?: readonly string[];
  authenticate(
    presented: PresentedLines,
    requirement?: GuardOptions<Caller>,
  ): Promise<Authentication<Caller>>;
}

/** What a guard requires of a key, with the environments and scopes of the service. */
export type GuardOptions<Caller extends AnyPrincipal = AnyPrincipal> = Requirement<
  Caller['environment'],
  Caller['scopes'][number]
>;

/**
 * Authenticates a request. Returns synchronously if the store does.
 *
 * @param context the arguments of the function that returns the keys
 */
export type Authenticate<
  Caller extends AnyPrincipal,
  Incoming,
  Context extends readonly unknown[] = readonly unknown[],
> = (
  request: Incoming,
  ...context: Context
) => Authentication<Caller> | Promise<Authentication<Caller>>;
