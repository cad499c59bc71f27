import { checksum } from './checksum.ts';
import { prefixOf, randomLength, type TokenFormat } from './format.ts';
import { type RandomSource, type RandomText, randomText, systemText } from './random.ts';

/**
 * Generates a token of the format with the runtime's cryptographic random source. Returns it in plain text,
 * unlike `createApiKeys`, which returns a `Secret`.
 *
 * @param random another source of bytes, for tests; default `crypto.getRandomValues`
 * @throws KeywrightError `invalid_argument` for an environment that the format does not have,
 * `random_failed` if the source throws or repeats itself. Never returns a weak token.
 */
export function generateToken<Environment extends string>(
  format: TokenFormat<Environment>,
  environment: NoInfer<Environment>,
  random?: RandomSource,
): string {
  return tokenFrom(format, environment, random === undefined ? systemText : randomText(random));
}

/** Builds a token with random text from `draw`. */
export function tokenFrom(format: TokenFormat, environment: string, draw: RandomText): string {
  const body = prefixOf(format, environment) + draw(randomLength(format));
  return format.checksum === undefined ? body : body + checksum(body);
}
