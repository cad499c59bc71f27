import { invalid, pathOf } from './errors.ts';
import { isPlainObject } from './json.ts';

export { pathOf } from './errors.ts';

/**
 * Throws if the value is not a plain object or has unknown fields. Otherwise a mistyped `scopes` would be
 * ignored, and the key would be created without scopes.
 *
 * @throws KeywrightError `invalid_argument`
 */
export function checkFields(value: unknown, argument: string, fields: readonly string[]): void {
  checkObject(value, argument);
  for (const field of Object.keys(value)) {
    if (fields.includes(field)) continue;
    throw invalid(pathOf(argument, field), `is unknown: expected ${fields.join(', ')}`);
  }
}

export function checkObject(
  value: unknown,
  argument: string,
): asserts value is Record<string, unknown> {
  if (!isPlainObject(value)) throw invalid(argument, 'must be a plain object');
}

/** Returns `value` if it is a whole number from `min` to `max`. */
export function checkInteger(value: unknown, argument: string, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  throw invalid(argument, `must be a whole number from ${min} to ${max}`);
}
