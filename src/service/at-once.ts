import type { AuthorizationLines } from '../http/credentials.ts';
import type { Authentication, Requirement } from './contract.ts';

/** An authentication that is no promise where the store has the key at hand. */
export type AtOnce = (
  authorization: AuthorizationLines,
  requirement?: Requirement,
) => Authentication | Promise<Authentication>;

/** Registered, so that the two module formats of the package understand each other. */
const AT_ONCE = Symbol.for('keywright.atOnce');

/** Says whose it is: a spy bears copies of the properties of what it stands in for. */
interface Known {
  readonly of: object;
  readonly atOnce: AtOnce;
}

/**
 * `authenticate` as users have it, which always promises. What answers at once is kept on the function
 * itself, so that who puts another in its place, a spy or a limit on attempts, has replaced both.
 */
export function promising(
  atOnce: AtOnce,
): (...args: Parameters<AtOnce>) => Promise<Authentication> {
  const authenticate = async (...args: Parameters<AtOnce>) => atOnce(...args);
  const known: Known = { of: authenticate, atOnce };
  return Object.defineProperty(authenticate, AT_ONCE, { value: known });
}

/** What answers at once behind an `authenticate`; `undefined` for one that was not made here. */
export function atOnceOf(authenticate: object): AtOnce | undefined {
  const known = (authenticate as { readonly [AT_ONCE]?: Known })[AT_ONCE];
  return known?.of === authenticate ? known.atOnce : undefined;
}
