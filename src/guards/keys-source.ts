import { checkRequirement } from '../service/requirement.ts';
import type { TokenFormat } from '../token/format.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';

/**
 * The service of a guard, or a function that returns it for each request: on Cloudflare Workers, bindings
 * such as a D1 database exist only while a request is handled.
 *
 * Return the same service for the same bindings. A new one for each request works, but does not collect
 * times of last use across requests.
 */
export type KeysSource<Caller extends AnyPrincipal, Context extends readonly unknown[]> =
  | GuardKeys<Caller>
  | ((...context: Context) => GuardKeys<Caller> | Promise<GuardKeys<Caller>>);

/**
 * Copies a guard's options, and checks them as far as possible without the service. Its scopes and
 * environments are checked against each service that the function returns.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function copyOptions<Caller extends AnyPrincipal>(
  options: GuardOptions<Caller>,
): GuardOptions<Caller> {
  const { environments } = Object(options) as typeof options;
  const format = { environments } as unknown as TokenFormat;
  return checkRequirement(options, { format }) as GuardOptions<Caller>;
}
