import { KeywrightError } from '../errors.ts';
import type { Principal } from '../record.ts';

/**
 * The principal that a guard left, which must be there.
 *
 * @throws KeywrightError `principal_missing` where no guard stands before the route.
 */
export function presentPrincipal(principal: Principal | null | undefined): Principal {
  if (principal) return principal;
  throw new KeywrightError('principal_missing', 'no apiKeyGuard stands before this route');
}
