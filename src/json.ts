import { invalid } from './errors.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type JsonObject = { readonly [key: string]: JsonValue };

/** Deeper data than this is refused: it bounds the recursion, and ends a cycle. */
const MAX_DEPTH = 16;

interface Budget {
  nodes: number;
  readonly argument: string;
  readonly maxBytes: number;
}

/**
 * A deep copy of `value`, which must be a plain JSON object of at most `maxBytes` bytes as UTF-8.
 *
 * @throws KeywrightError `invalid_argument` at the first part that JSON cannot hold verbatim, by path.
 */
export function plainJsonObject(value: unknown, argument: string, maxBytes: number): JsonObject {
  if (!isPlainObject(value)) throw invalid(argument, 'must be a plain object');
  const copy = copyObject(value, argument, 0, { nodes: 0, argument, maxBytes });
  if (new TextEncoder().encode(JSON.stringify(copy)).length > maxBytes)
    throw tooLarge(argument, maxBytes);
  return copy;
}

/** A deep copy of data known to be plain JSON. */
export function cloneJson<Value extends JsonValue>(value: Value): Value;
export function cloneJson(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((item) => cloneJson(item));
  const copy: Record<string, JsonValue> = {};
  for (const key in value) setOwn(copy, key, cloneJson(value[key] as JsonValue));
  return copy;
}

/** Whether `text` can be stored verbatim in every engine: no NUL, no lone surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm (a vm context, a test runner) has an Object.prototype of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function copyValue(value: unknown, path: string, depth: number, budget: Budget): JsonValue {
  // Every node is at least a byte of JSON, so counting them bounds the work before the size is known.
  if (++budget.nodes > budget.maxBytes) throw tooLarge(budget.argument, budget.maxBytes);
  if (depth > MAX_DEPTH)
    throw invalid(budget.argument, `must not nest deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(path, 'must be a finite number');
    return value === 0 ? 0 : value; // JSON has no -0
  }
  if (typeof value === 'string') return copyText(value, path, budget);
  if (Array.isArray(value))
    return Array.from(value, (item, index) =>
      copyValue(item, `${path}[${index}]`, depth + 1, budget),
    );
  if (isPlainObject(value)) return copyObject(value, path, depth, budget);
  throw invalid(path, 'must be plain JSON: string, number, boolean, null, array or object');
}

function copyObject(
  value: Record<string, unknown>,
  path: string,
  depth: number,
  budget: Budget,
): JsonObject {
  const copy: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    copyText(key, path, budget);
    setOwn(copy, key, copyValue(value[key], pathOf(path, key), depth + 1, budget));
  }
  return copy;
}

/** The path of a member. A key that is no short name may be a pasted secret, and is not repeated. */
export function pathOf(parent: string, key: string): string {
  return /^[\w-]{1,32}$/.test(key) ? `${parent}.${key}` : `${parent}[…]`;
}

function copyText(text: string, path: string, budget: Budget): string {
  if (text.length > budget.maxBytes) throw tooLarge(budget.argument, budget.maxBytes);
  if (!isStorable(text)) throw invalid(path, 'must not hold NUL or a lone surrogate');
  return text;
}

function setOwn(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  // Assigning to `__proto__` would set the prototype; here it is a key like any other.
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function tooLarge(argument: string, maxBytes: number) {
  return invalid(argument, `must be at most ${maxBytes} bytes as JSON`);
}
