import { isAlphanumeric } from './alphanumeric.ts';
import { CHECKSUM_LENGTH, checksum } from './checksum.ts';
import {
  MIN_RANDOM_LENGTH,
  prefixOf,
  randomLength,
  type TokenFormat,
  type TokenPrefix,
} from './format.ts';

/** The parts of a well-formed token, whether or not a key exists for it. */
export interface ParsedToken<Environment extends string = string> {
  readonly environment: Environment;
  /** The characters after the prefix. */
  readonly secret: string;
}

/**
 * Returns the parts of a token of the format, or `undefined` for anything else. Nothing is trimmed, folded
 * or decoded. The length is compared before any character is read, so the length of a token bounds the
 * cost of any input.
 */
export function parseToken<Environment extends string>(
  format: TokenFormat<Environment>,
  text: unknown,
): ParsedToken<Environment> | undefined {
  const prefix = parsePrefix(format, text);
  if (prefix === undefined) return undefined;
  return { environment: prefix.environment, secret: (text as string).slice(prefix.text.length) };
}

/** As {@link parseToken}, but without a slice for the secret. */
export function parsePrefix<Environment extends string>(
  format: TokenFormat<Environment>,
  text: unknown,
): TokenPrefix<Environment> | undefined {
  if (typeof text !== 'string') return undefined;
  for (const prefix of format.prefixes) {
    const start = prefix.text.length;
    // At most one prefix fits: the secret has a fixed length and no "_".
    if (text.length !== start + format.secretLength || !text.startsWith(prefix.text)) continue;
    if (!isAlphanumericFrom(text, start)) return undefined;
    if (format.checksum !== undefined && !hasChecksum(text)) return undefined;
    return prefix;
  }
  return undefined;
}

/**
 * Returns the part of a token that lists may show: its prefix and up to four characters, fewer if the rest
 * would have less than 128 random bits.
 */
export function hintOf(format: TokenFormat, environment: string, token: string): string {
  const prefix = prefixOf(format, environment);
  const shown = Math.min(4, randomLength(format) - MIN_RANDOM_LENGTH);
  // Not a single slice: in V8, a slice of 13 characters or more is a view that keeps the token in memory.
  return prefix + token.slice(prefix.length, prefix.length + shown);
}

function isAlphanumericFrom(text: string, start: number): boolean {
  for (let i = start; i < text.length; i++) {
    if (!isAlphanumeric(text.charCodeAt(i))) return false;
  }
  return true;
}

function hasChecksum(text: string): boolean {
  const end = text.length - CHECKSUM_LENGTH;
  return text.slice(end) === checksum(text.slice(0, end));
}
