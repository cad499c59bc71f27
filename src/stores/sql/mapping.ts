import { type Codec, type Codecs, type Columns, columnOf, type ToBytes } from './codec.ts';

/** A separate column for text that queries compare, derived from a field. */
interface Derived<Fields> {
  readonly from: keyof Fields;
  readonly codec: Codec<string, unknown>;
  derive(fields: Fields): string;
}

/** Fields to write: all of a record, or those that change. `null` removes a field. */
export type Part<Fields> = { readonly [Field in keyof Fields]?: Fields[Field] | null };

/** Converts between a record and the row of its table. */
export interface Mapping<Fields, Row> {
  /** The fields of the record that have a column. */
  readonly fields: readonly (keyof Fields & string)[];
  /** The columns of the record itself: what a query selects. */
  readonly columns: readonly (keyof Row & string)[];
  /** The codecs of all columns, which the schema needs. */
  readonly codecs: ReadonlyMap<string, Codec<unknown, unknown>>;
  /** Returns a whole row. */
  row(record: Fields, bytes: ToBytes): Row;
  /** Returns only the cells of the given fields. */
  cells(part: Part<Fields>, bytes: ToBytes): Partial<Row>;
  read(row: unknown): Fields;
}

type CodecsOf<Extra> = {
  readonly [Name in keyof Extra]: Extra[Name] extends { readonly codec: infer Own } ? Own : never;
};

/** The fields that every record has. */
type RequiredOf<Fields> = {
  readonly [Field in keyof Fields as object extends Pick<Fields, Field>
    ? never
    : Field]: Fields[Field];
};

/**
 * Creates the mapping of a table. Curried, so that the caller names the record type and TypeScript infers
 * the columns.
 *
 * @param own a codec for each field, whose column has the field's name
 * @param extra further columns
 * @param readRequired for frequent reads: returns a literal of the fields that every row has. For a key,
 *   that takes 0.2 µs instead of the 0.5 of a loop over names.
 */
export function mappingOf<Fields>() {
  return <
    const Own extends Codecs<Fields>,
    const Extra extends Readonly<Record<string, Derived<Fields>>>,
  >(
    own: Own,
    extra: Extra,
    readRequired?: (row: Columns<Own & CodecsOf<Extra>>) => RequiredOf<Fields>,
  ): Mapping<Fields, Columns<Own & CodecsOf<Extra>>> => {
    type Row = Columns<Own & CodecsOf<Extra>>;
    const fields = Object.entries(own).map(([field, codec]) => ({
      field,
      column: columnOf(field),
      codec: codec as Codec<unknown, unknown>,
    }));
    const derived = Object.entries(extra).map(([name, entry]) => ({
      column: columnOf(name),
      ...entry,
    }));

    // All rows of an insert must have the same columns.
    const absent = Object.fromEntries(fields.map(({ column }) => [column, null]));
    const left = readRequired ? fields.filter(({ codec }) => codec.optional) : fields;

    function write(row: Record<string, unknown>, part: Part<Fields>, bytes: ToBytes) {
      for (const { field, column, codec } of fields) {
        const value = (part as Record<string, unknown>)[field];
        if (value !== undefined) row[column] = value === null ? null : codec.write(value, bytes);
      }
      for (const { column, from, codec, derive } of derived) {
        if (part[from] !== undefined) row[column] = codec.write(derive(part as Fields), bytes);
      }
      return row;
    }

    return {
      fields: fields.map(({ field }) => field as keyof Fields & string),
      columns: fields.map(({ column }) => column as keyof Row & string),
      codecs: new Map([...fields, ...derived].map(({ column, codec }) => [column, codec])),
      cells: (part, bytes) => write({}, part, bytes) as Partial<Row>,
      row: (record, bytes) => write({ ...absent }, record, bytes) as Row,
      read(row) {
        const record: Record<string, unknown> = readRequired?.(row as Row) ?? {};
        for (const { field, column, codec } of left) {
          const cell = (row as Record<string, unknown>)[column];
          if (cell !== null) record[field] = codec.read(cell);
        }
        return record as Fields;
      },
    };
  };
}
