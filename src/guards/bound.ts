import { checkScopes } from '../service/arguments.ts';
import type { AnyPrincipal } from './contract.ts';
import type { KeysSource } from './keys-source.ts';

/**
 * The members of every guard: `requireScopes` and `principalOf` of its subpath, with the types of its
 * service.
 */
export interface BoundGuard<Caller extends AnyPrincipal, Source, Requirement> {
  /**
   * Answers 403 to a principal that lacks one of the scopes; use it after the guard.
   *
   * @throws KeywrightError `invalid_argument` for a scope that the service does not declare, or without
   * any scope. If `keys` is a function, only the syntax of scopes is checked.
   */
  requireScopes(...scopes: Caller['scopes'][number][]): Requirement;
  /**
   * Returns the principal of a request that the guard authenticated.
   *
   * @throws KeywrightError `principal_missing` if the guard has not run.
   */
  principalOf(source: Source): Caller;
}

/** Adds `requireScopes` and `principalOf` to a guard. */
export function bindGuard<
  Guard extends object,
  Caller extends AnyPrincipal,
  Context extends readonly unknown[],
  Source,
  Requirement,
>(
  guard: Guard,
  keys: KeysSource<Caller, Context>,
  requireScopes: (...scopes: string[]) => Requirement,
  principalOf: (source: Source) => AnyPrincipal,
): Guard & BoundGuard<Caller, Source, Requirement> {
  const declared = typeof keys === 'function' ? undefined : keys.scopes;
  return Object.assign(guard, {
    requireScopes: (...scopes: string[]) => requireScopes(...checkScopes(scopes, declared)),
    // The guard only sets principals of its service, so they have the type of that service.
    principalOf: principalOf as (source: Source) => Caller,
  });
}
