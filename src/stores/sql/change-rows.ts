import type { Change } from '../../store.ts';
import type { Dialect } from './dialect.ts';
import { events, factors, keys } from './tables.ts';

type Row = Readonly<Record<string, unknown>>;

/** What a change writes into a key's row. */
interface ChangedRow {
  readonly id: unknown;
  /** The digest that the key must still have. */
  readonly digest: unknown;
  /** The cells of all changed columns. */
  readonly after: Row;
}

/** A change as rows of tables. */
export interface ChangeRows {
  readonly added: readonly Row[];
  readonly changed: readonly ChangedRow[];
  /** The columns that differ in at least one of the changed keys. */
  readonly columns: readonly string[];
  readonly events: readonly Row[];
  readonly erased: readonly Row[];
  /** The second factor's row; `null` deletes it. */
  readonly factor?: Row | null;
}

/** The columns that change when an event is erased. */
export const ERASED_COLUMNS = [
  'actor',
  'actor_id',
  'key_name',
  'reason',
  'change',
  'salt',
  'erased',
] as const;

export function rowsOfChange({ bytes }: Dialect, change: Change): ChangeRows {
  const { owner, added, changed, factor } = change;
  const fields = changedFields(changed);
  const rows = changed.map(({ before, after }): ChangedRow => {
    const part = Object.fromEntries(fields.map((field) => [field, after[field] ?? null]));
    return { id: bytes(after.id), digest: bytes(before.digest), after: keys.cells(part, bytes) };
  });
  const { document } = factor ?? {};
  return {
    added: added.map((key) => keys.row(key, bytes) as Row),
    changed: rows,
    columns: Object.keys(rows[0]?.after ?? {}),
    events: change.events.map((event) => events.row(event, bytes) as Row),
    erased: change.erased.map((event) => events.row(event, bytes) as Row),
    ...(factor && {
      factor: document
        ? (factors.row({ owner, actorId: factor.actorId, ...document }, bytes) as Row)
        : null,
    }),
  };
}

/** Splits rows into chunks of `most` keys and events, so that no statement exceeds an engine's limits. */
export function chunksOf(rows: ChangeRows, most: number): ChangeRows[] {
  const { added, changed, events: sealed, erased } = rows;
  const longest = Math.max(added.length, changed.length, sealed.length, erased.length);
  if (longest <= most) return [rows];
  return Array.from({ length: Math.ceil(longest / most) }, (_, i) => {
    const part = <Item>(items: readonly Item[]) => items.slice(i * most, (i + 1) * most);
    const { factor, ...rest } = rows;
    return {
      ...rest,
      added: part(added),
      changed: part(changed),
      events: part(sealed),
      erased: part(erased),
      ...(i === 0 && factor !== undefined ? { factor } : {}),
    };
  });
}

/** The fields that differ in at least one key. Never empty, because a statement has to set a column. */
function changedFields(changed: Change['changed']): readonly (typeof keys.fields)[number][] {
  const fields = keys.fields.filter((field) =>
    changed.some(({ before, after }) => before[field] !== after[field]),
  );
  return fields.length > 0 ? fields : ['enabled'];
}
