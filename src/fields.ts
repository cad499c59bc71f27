import { invalid } from './errors.ts';
import { isPlainObject } from './json.ts';

/**
 * Refuses what is no object, and fields that do not exist: a mistyped one would otherwise be the
 * same as one left out, and a key without the scopes that were meant.
 *
 * @throws KeywrightError `invalid_argument`
 */
export function checkFields(value: unknown, argument: string, fields: readonly string[]): void {
  checkObject(value, argument);
  for (const field of Object.keys(value)) {
    if (!fields.includes(field)) throw invalid(pathOf(argument, field), 'is not known');
  }
}

export function checkObject(
  value: unknown,
  argument: string,
): asserts value is Record<string, unknown> {
  if (!isPlainObject(value)) throw invalid(argument, 'must be a plain object');
}

/**
 * The path of a field. A name that is no short word may be a pasted token, of which the shortest
 * has 26 characters, and is not repeated.
 */
export function pathOf(parent: string, field: string): string {
  return /^[\w-]{1,20}$/.test(field) ? `${parent}.${field}` : `${parent}[…]`;
}
