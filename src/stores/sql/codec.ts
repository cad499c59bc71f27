declare const comparable: unique symbol;

/**
 * Text as the engine compares it byte for byte: a string where the column's collation does that,
 * its UTF-8 bytes where a binary column must. Only a dialect makes one, so no query can forget to.
 */
export type Bytes = (string | Uint8Array) & { readonly [comparable]: true };

export type ToBytes = (text: string) => Bytes;

/** What a column holds, and how wide it must be; each dialect has its own name for it. */
export type ColumnType = 'bytes' | 'digest' | 'word' | 'text' | 'longText' | 'whole' | 'flag';

/** How a field is kept in a column. Drivers differ in what they give back, so `read` takes all of it. */
export interface Codec<Value, Cell> {
  readonly type: ColumnType;
  readonly optional: boolean;
  write(value: Value, bytes: ToBytes): Cell;
  read(cell: unknown): Value;
}

/** The codec of a field that may be absent, which is `null` in the column. */
export interface OptionalCodec<Value, Cell> extends Codec<Value, Cell> {
  readonly optional: true;
}

// A byte order mark at the start of a text is text like any other.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Owner, id, digest and actor id: never folded, padded or sorted by a language. */
export const bytes: Codec<string, Bytes> = {
  type: 'bytes',
  optional: false,
  write: (text, toBytes) => toBytes(text),
  read: textOf,
};

export const digest: Codec<string, Bytes> = { ...bytes, type: 'digest' };

/** Text that is shown, and compared with text of the library's own at most. */
export function text<Text extends string = string>(): Codec<Text, string> {
  return {
    type: 'text',
    optional: false,
    write: (value) => value,
    read: textOf as (cell: unknown) => Text,
  };
}

/** One of a few words of the library's own. */
export function word<Word extends string>(): Codec<Word, string> {
  return { ...text<Word>(), type: 'word' };
}

/** Text of any length. */
export const longText: Codec<string, string> = { ...text(), type: 'longText' };

/** Plain JSON as text, so that it comes back as it was given in every engine. */
export function json<Value>(): Codec<Value, string> {
  return {
    type: 'longText',
    optional: false,
    write: (value) => JSON.stringify(value),
    read: jsonOf as (cell: unknown) => Value,
  };
}

/** A whole number up to 2^53: drivers give a number, a bigint or, for 64 bits, a string. */
export const whole: Codec<number, number> = {
  type: 'whole',
  optional: false,
  write: (value) => value,
  read: Number,
};

/** 0 or 1 in every engine: not all have a boolean, and not all drivers bind one. */
export const flag: Codec<boolean, number> = {
  type: 'flag',
  optional: false,
  write: (value) => (value ? 1 : 0),
  read: (cell) => Number(cell) === 1,
};

export function optional<Value, Cell>(codec: Codec<Value, Cell>): OptionalCodec<Value, Cell> {
  return { ...codec, optional: true };
}

/** A codec for each field of a record: one that is added to it does not compile without. */
export type Codecs<Fields> = {
  readonly [Field in keyof Required<Fields>]: object extends Pick<Fields, Field>
    ? OptionalCodec<Required<Fields>[Field], unknown>
    : Codec<Fields[Field], unknown>;
};

/** `created_at` of `createdAt`. */
type Snake<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : '';

/** The columns of a table as the codecs write them. */
export type Columns<Fields> = {
  [Field in keyof Fields as Snake<Field>]: Fields[Field] extends OptionalCodec<infer _, infer Cell>
    ? Cell | null
    : Fields[Field] extends Codec<infer _, infer Cell>
      ? Cell
      : never;
};

export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

// One function for all such columns, and no parser for what most keys have: of 1.9 µs that a row
// took to read, both together save 0.5.
function jsonOf(cell: unknown): unknown {
  const text = textOf(cell);
  if (text === '{}') return {};
  return text === '[]' ? [] : JSON.parse(text);
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cell : utf8.decode(cell as Uint8Array);
}
