import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { CHECKSUM_LENGTH } from './checksum.ts';

/** The format of tokens: `<brand>_<environment>_`, followed by alphanumeric characters. */
export interface TokenFormat<Environment extends string = string> {
  readonly brand: string;
  readonly environments: readonly [Environment, ...Environment[]];
  /** The number of characters after the prefix, including the six of a checksum. */
  readonly secretLength: number;
  readonly checksum?: 'crc32';
  /** The prefix of each environment, in the order of `environments`. */
  readonly prefixes: readonly TokenPrefix<Environment>[];
}

/** The prefix of all tokens of an environment. */
export interface TokenPrefix<Environment extends string = string> {
  readonly environment: Environment;
  /** `prn_live_` */
  readonly text: string;
}

/** Options of {@link tokenFormat}. */
export interface TokenFormatOptions<Environment extends string = string> {
  /** The start of every token, by which people and secret scanners recognize it: `prn`. */
  readonly brand: string;
  /** The names of the environments: `['live', 'test']`. */
  readonly environments: readonly Environment[];
  /** The number of characters after the prefix, 22 (28 with a checksum) to 255. Default 55. */
  readonly secretLength?: number;
  /**
   * Ends the token with the base62 of a CRC-32 over everything before it, so that a mistyped token is
   * rejected without a store read. It adds no security.
   */
  readonly checksum?: 'crc32';
}

/** 62^22 is the first power above 2^128. */
export const MIN_RANDOM_LENGTH = 22;
const MAX_SECRET_LENGTH = 255;
const MAX_ENVIRONMENTS = 32;
const LABEL = /^(?=.{1,32}$)[0-9A-Za-z]+(?:_[0-9A-Za-z]+)*$/;
const LABEL_RULE = 'must be 1 to 32 letters and digits, with single "_" between them';

/**
 * Defines the tokens of a service.
 *
 * @example
 * ```ts
 * const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
 * generateToken(format, 'live'); // prn_live_ and 55 characters more: 64 in all, 327 random bits
 * ```
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function tokenFormat<const Environment extends string>(
  options: TokenFormatOptions<Environment>,
): TokenFormat<Environment> {
  checkFields(options, 'options', ['brand', 'environments', 'secretLength', 'checksum']);
  const { brand, environments, secretLength = 55, checksum } = options;
  if (typeof brand !== 'string' || !LABEL.test(brand)) throw invalid('brand', LABEL_RULE);
  if (checksum !== undefined && checksum !== 'crc32')
    throw invalid('checksum', "must be 'crc32' or left out");
  const shortest = MIN_RANDOM_LENGTH + (checksum === undefined ? 0 : CHECKSUM_LENGTH);
  if (
    !Number.isInteger(secretLength) ||
    secretLength < shortest ||
    secretLength > MAX_SECRET_LENGTH
  ) {
    throw invalid(
      'secretLength',
      `must be an integer from ${shortest} (128 random bits) to ${MAX_SECRET_LENGTH}`,
    );
  }
  const names = checkEnvironments(environments);
  return Object.freeze({
    brand,
    environments: names,
    secretLength,
    ...(checksum === undefined ? {} : { checksum }),
    prefixes: Object.freeze(
      names.map((environment) => Object.freeze({ environment, text: `${brand}_${environment}_` })),
    ),
  });
}

/** Returns the prefix of one of the format's environments. */
export function prefixOf(format: TokenFormat, environment: string): string {
  for (const prefix of format.prefixes) if (prefix.environment === environment) return prefix.text;
  throw invalid('environment', `must be one of ${format.environments.join(', ')}`);
}

/** The number of random characters of a token. */
export function randomLength(format: TokenFormat): number {
  return format.secretLength - (format.checksum === undefined ? 0 : CHECKSUM_LENGTH);
}

function checkEnvironments<Environment extends string>(
  environments: readonly Environment[],
): readonly [Environment, ...Environment[]] {
  if (!Array.isArray(environments)) throw invalid('environments', 'must be an array of names');
  const names = Array.from(environments as readonly Environment[], (name: unknown, i) => {
    if (typeof name === 'string' && LABEL.test(name)) return name as Environment;
    throw invalid(`environments[${i}]`, LABEL_RULE);
  });
  const [first, ...rest] = names;
  if (first === undefined || names.length > MAX_ENVIRONMENTS) {
    throw invalid('environments', `must contain 1 to ${MAX_ENVIRONMENTS} names`);
  }
  if (new Set(names).size < names.length) throw invalid('environments', 'must not repeat a name');
  return Object.freeze([first, ...rest] as const);
}
