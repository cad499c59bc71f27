import { checksum } from './checksum.ts';
import { prefixOf, randomLength, type TokenFormat } from './format.ts';
import { type RandomSource, type RandomText, randomText, systemText } from './random.ts';

/**
 * A new token of the format, from the runtime's cryptographic random source. It is returned in
 * plain text: `createApiKeys` wraps what it makes in a `Secret`.
 *
 * @param random another source of bytes, for tests; default `crypto.getRandomValues`
 * @throws KeywrightError `invalid_argument` for an environment that the format does not have,
 * `random_failed` if the source throws or is stuck: there is never a weak token instead.
 */
export function generateToken<Environment extends string>(
  format: TokenFormat<Environment>,
  environment: NoInfer<Environment>,
  random?: RandomSource,
): string {
  return tokenFrom(format, environment, random === undefined ? systemText : randomText(random));
}

/** A token drawn from random text that is pooled already. */
export function tokenFrom(format: TokenFormat, environment: string, draw: RandomText): string {
  const body = prefixOf(format, environment) + draw(randomLength(format));
  return format.checksum === undefined ? body : body + checksum(body);
}
