import { isAlphanumeric } from './alphanumeric.ts';
import { CHECKSUM_LENGTH, checksum } from './checksum.ts';
import {
  MIN_RANDOM_LENGTH,
  prefixOf,
  randomLength,
  type TokenFormat,
  type TokenPrefix,
} from './format.ts';

/** The parts of a well-formed token. That a key exists for it is not said. */
export interface ParsedToken<Environment extends string = string> {
  readonly environment: Environment;
  /** The characters after the prefix. */
  readonly secret: string;
}

/**
 * The parts of a token of the format, or `undefined` for anything else. Nothing is trimmed, folded
 * or decoded. The length is compared before any character is read, so the cost is bounded by the
 * length of a token, whatever was sent.
 */
export function parseToken<Environment extends string>(
  format: TokenFormat<Environment>,
  text: unknown,
): ParsedToken<Environment> | undefined {
  const prefix = parsePrefix(format, text);
  if (prefix === undefined) return undefined;
  return { environment: prefix.environment, secret: (text as string).slice(prefix.text.length) };
}

/** As {@link parseToken}, for those who do not need the secret alone: no text is cut. */
export function parsePrefix<Environment extends string>(
  format: TokenFormat<Environment>,
  text: unknown,
): TokenPrefix<Environment> | undefined {
  if (typeof text !== 'string') return undefined;
  for (const prefix of format.prefixes) {
    const start = prefix.text.length;
    // No prefix can pass for another: what follows it holds no "_" and is of one length.
    if (text.length !== start + format.secretLength || !text.startsWith(prefix.text)) continue;
    if (!isAlphanumericFrom(text, start)) return undefined;
    if (format.checksum !== undefined && !hasChecksum(text)) return undefined;
    return prefix;
  }
  return undefined;
}

/**
 * What a list may show of a token: its prefix and up to four characters, fewer where the
 * characters left unshown would carry under 128 bits.
 */
export function hintOf(format: TokenFormat, environment: string, token: string): string {
  const prefix = prefixOf(format, environment);
  const shown = Math.min(4, randomLength(format) - MIN_RANDOM_LENGTH);
  // Not one slice of the token: V8 makes slices of 13 characters or more views that keep the whole alive.
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
