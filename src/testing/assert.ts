import { type ErrorCode, hasCode } from '../errors.ts';

/** The error of a failed check. Test runners show `actual` and `expected` side by side. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(message: string, actual: unknown, expected: unknown) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

/** @param claim what must hold, as a sentence; it becomes the message of the error */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new AssertionError(claim, condition, true);
}

/**
 * Fails unless the two are equal as plain data. Objects need the same members with the same values, in any
 * order; arrays need the same items in the same order. A member that is `undefined` differs from an
 * absent one.
 */
export function assertEqual(actual: unknown, expected: unknown, claim: string): void {
  const difference = differenceOf(actual, expected, '');
  if (difference !== undefined) {
    throw new AssertionError(`${claim}: ${difference}`, actual, expected);
  }
}

/** Fails unless `work` rejects with an error of this code. */
export async function assertRejects(
  work: PromiseLike<unknown>,
  code: ErrorCode,
  claim: string,
): Promise<void> {
  let outcome: unknown;
  try {
    outcome = await work;
  } catch (error) {
    if (hasCode(error, code)) return;
    throw new AssertionError(`${claim}: rejected with ${show(error)}`, error, code);
  }
  throw new AssertionError(`${claim}: resolved with ${show(outcome)}`, outcome, code);
}

/** The path and description of the first difference. */
function differenceOf(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (!isObject(actual) || !isObject(expected) || Array.isArray(actual) !== Array.isArray(expected))
    return `${path || 'it'} is ${show(actual)}, not ${show(expected)}`;
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const name of names) {
    const inner = Array.isArray(expected) ? `${path}[${name}]` : `${path}.${name}`;
    if (!Object.hasOwn(actual, name)) return `${inner} is absent`;
    if (!Object.hasOwn(expected, name)) return `${inner} is ${show(actual[name])}, not absent`;
    const difference = differenceOf(actual[name], expected[name], inner);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const MAX_SHOWN = 200;

function show(value: unknown): string {
  const text = textOf(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function textOf(value: unknown): string {
  if (value instanceof Error) return String(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${value}n`;
  return JSON.stringify(value) ?? String(value);
}
