import { KeywrightError } from '../errors.ts';
import type { Principal } from '../record.ts';
import type { AnyPrincipal } from './contract.ts';

/**
 * Returns the principal that a guard has set. Its type is that of any service, because the framework has no
 * type for it.
 *
 * @throws KeywrightError `principal_missing` if no guard ran before the route.
 */
export function presentPrincipal(principal: AnyPrincipal | null | undefined): Principal {
  if (principal) return principal as Principal;
  throw new KeywrightError('principal_missing', 'no apiKeyGuard ran before this route');
}
