import { invalid } from './errors.ts';

/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A plain object of JSON, such as the metadata of a key. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** What a property is that is made by assignment. */
const ORDINARY = { enumerable: true, writable: true, configurable: true };

/** Deeper data than this is refused: it bounds the recursion, and ends a cycle. */
const MAX_DEPTH = 16;

/**
 * A deep copy of `value`, which must be a plain JSON object of at most `maxBytes` bytes as UTF-8.
 *
 * @throws KeywrightError `invalid_argument` if any of it is nothing that JSON holds verbatim.
 */
export function plainJsonObject(value: unknown, argument: string, maxBytes: number): JsonObject {
  let size = 0;
  const copy = (part: unknown, depth: number): JsonValue => {
    // A node is at least a byte of JSON, and a text one a character: this bounds the work.
    size += typeof part === 'string' ? 1 + part.length : 1;
    if (size > maxBytes) throw tooLarge();
    if (part === null || typeof part === 'boolean') return part;
    if (Number.isFinite(part)) return (part as number) || 0; // JSON has no -0
    if (typeof part === 'string' && isStorable(part)) return part;
    if (depth < MAX_DEPTH && Array.isArray(part)) {
      return Array.from(part, (item) => copy(item, depth + 1));
    }
    if (depth < MAX_DEPTH && isPlainObject(part)) return copyMembers(part, depth + 1);
    throw invalid(
      argument,
      `must be plain JSON without NUL or lone surrogates, at most ${MAX_DEPTH} levels deep`,
    );
  };
  const copyMembers = (part: object, depth: number): JsonObject =>
    mapMembers(part, (member, key) => {
      copy(key, depth);
      return copy(member, depth);
    });
  const tooLarge = () => invalid(argument, `must be at most ${maxBytes} bytes as JSON`);

  if (!isPlainObject(value)) throw invalid(argument, 'must be a plain object');
  const whole = copyMembers(value, 1);
  if (new TextEncoder().encode(JSON.stringify(whole)).length > maxBytes) throw tooLarge();
  return whole;
}

/** A deep copy of data known to be plain JSON. */
export function cloneJson<Value>(value: Value): Value;
export function cloneJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(cloneJson) : mapMembers(value, cloneJson);
}

/** Members that may be undefined become members that may be absent. */
type Defined<Members> = {
  [Key in keyof Members as undefined extends Members[Key] ? never : Key]: Members[Key];
} & {
  [Key in keyof Members as undefined extends Members[Key] ? Key : never]?: Exclude<
    Members[Key],
    undefined
  >;
};

/** The members that are not undefined. */
export function defined<Members extends object>(members: Members): Defined<Members> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Defined<Members>;
}

/** An object of the same keys, made in a fifth of the time that `Object.fromEntries` takes. */
export function mapMembers<Result>(
  members: object,
  map: (member: unknown, key: string) => Result,
): Record<string, Result> {
  const mapped: Record<string, Result> = {};
  for (const key of Object.keys(members)) {
    const value = map((members as Record<string, unknown>)[key], key);
    // A key like any other, but for what assigning to it does.
    if (key === '__proto__') Object.defineProperty(mapped, key, { ...ORDINARY, value });
    else mapped[key] = value;
  }
  return mapped;
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
