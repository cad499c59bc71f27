import { KeywrightError } from '../errors.ts';
import type { Principal } from '../record.ts';
import type { AnyPrincipal } from './contract.ts';

/**
 * The principal that a guard left, which must be there; typed as that of any service, where the
 * framework has no type for the one that it is.
 *
 * @throws KeywrightError `principal_missing` where no guard stands before the route.
 */
export function presentPrincipal(principal: AnyPrincipal | null | undefined): Principal {
  if (principal) return principal as Principal;
  throw new KeywrightError('principal_missing', 'no apiKeyGuard stands before this route');
}
