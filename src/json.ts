import { invalid, pathOf } from './errors.ts';

/** A value of JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A plain object of JSON, such as the metadata of a key. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** The attributes of a property made by assignment. */
const ORDINARY = { enumerable: true, writable: true, configurable: true };

/** Bounds the recursion, also for cyclic objects. */
const MAX_DEPTH = 16;

/**
 * Returns a deep copy of `value`, which must be a plain JSON object of at most `maxBytes` bytes as UTF-8.
 *
 * @throws KeywrightError `invalid_argument` that names the path of a value that JSON cannot represent
 * exactly, such as `metadata.limits.perMinute`.
 */
export function plainJsonObject(value: unknown, argument: string, maxBytes: number): JsonObject {
  let size = 0;
  // The path to the part that is being copied, formatted only for an error.
  const place: (string | number)[] = [];
  const copyAt = (key: string | number, part: unknown, depth: number): JsonValue => {
    place.push(key);
    const copied = copy(part, depth);
    place.pop();
    return copied;
  };
  const copy = (part: unknown, depth: number): JsonValue => {
    // A node takes at least one byte of JSON, and a string one for each character: this bounds the work.
    size += typeof part === 'string' ? 1 + part.length : 1;
    if (size > maxBytes) throw tooLarge();
    if (part === null || typeof part === 'boolean') return part;
    if (Number.isFinite(part)) return (part as number) || 0; // JSON has no -0
    if (typeof part === 'string' && isStorable(part)) return part;
    if (depth < MAX_DEPTH && Array.isArray(part)) {
      return Array.from(part, (item, i) => copyAt(i, item, depth + 1));
    }
    if (depth < MAX_DEPTH && isPlainObject(part)) return copyMembers(part, depth + 1);
    throw invalid(
      place.reduce(stepTo, argument),
      `must be plain JSON without NUL or lone surrogates, at most ${MAX_DEPTH} levels deep`,
    );
  };
  const copyMembers = (part: object, depth: number): JsonObject =>
    mapMembers(part, (member, key) => {
      copyAt(key, key, depth);
      return copyAt(key, member, depth);
    });
  const tooLarge = () => invalid(argument, `must be at most ${maxBytes} bytes as JSON`);

  if (!isPlainObject(value)) throw invalid(argument, 'must be a plain object');
  const whole = copyMembers(value, 1);
  if (new TextEncoder().encode(JSON.stringify(whole)).length > maxBytes) throw tooLarge();
  return whole;
}

function stepTo(path: string, key: string | number): string {
  return typeof key === 'number' ? `${path}[${key}]` : pathOf(path, key);
}

/** A deep copy of data known to be plain JSON. */
export function cloneJson<Value>(value: Value): Value;
export function cloneJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(cloneJson) : mapMembers(value, cloneJson);
}

/** Makes members that may be `undefined` optional. */
type Defined<Members> = {
  [Key in keyof Members as undefined extends Members[Key] ? never : Key]: Members[Key];
} & {
  [Key in keyof Members as undefined extends Members[Key] ? Key : never]?: Exclude<
    Members[Key],
    undefined
  >;
};

/** Copies the members that are not `undefined`. */
export function defined<Members extends object>(members: Members): Defined<Members> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Defined<Members>;
}

/** Maps each member to a new value, in a fifth of the time of `Object.fromEntries`. */
function mapMembers<Result>(
  members: object,
  map: (member: unknown, key: string) => Result,
): Record<string, Result> {
  const mapped: Record<string, Result> = {};
  for (const key of Object.keys(members)) {
    const value = map((members as Record<string, unknown>)[key], key);
    // Assigning to this key would set the prototype.
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

// All keys without scopes or metadata share these: at a million keys, that saves 70 MB.
const NO_ITEMS: readonly never[] = /* @__PURE__ */ Object.freeze([]);
const NO_MEMBERS = /* @__PURE__ */ Object.freeze({});

/** A deeply frozen copy of plain JSON, which can be shared. */
export function frozenCopy<Value>(value: Value): Value;
export function frozenCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.length === 0 ? NO_ITEMS : Object.freeze(value.map(frozenCopy));
  }
  const copy = mapMembers(value, frozenCopy);
  return Object.keys(copy).length === 0 ? NO_MEMBERS : Object.freeze(copy);
}
