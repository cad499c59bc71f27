import type { StoredKey } from '../../record.ts';
import type { Change } from '../../store.ts';
import type { Dialect } from './dialect.ts';
import { events, factors, keys } from './tables.ts';

type Row = Readonly<Record<string, unknown>>;

/** A key's row before and after a change. */
interface ChangedRow {
  readonly id: unknown;
  /** The digest that the key must still have. */
  readonly digest: unknown;
  readonly after: Row;
}

/** A change as rows of tables. */
export interface ChangeRows {
  readonly added: readonly Row[];
  readonly changed: readonly ChangedRow[];
  /** Columns of keys that differ in at least one of the changed rows. Never empty. */
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
  const row = (key: StoredKey) => keys.row(key, bytes) as Row;
  const columns = new Set<string>();
  const rows = changed.map(({ before, after }): ChangedRow => {
    const [old, fresh] = [row(before), row(after)];
    for (const column of differing(old, fresh)) columns.add(column);
    return { id: fresh.id, digest: old.digest, after: fresh };
  });
  const { document } = factor ?? {};
  return {
    added: added.map(row),
    changed: rows,
    columns: columns.size > 0 ? [...columns].sort() : ['enabled'],
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

function differing(old: Row, fresh: Row): string[] {
  // Compared as text, because bytes of MySQL are objects.
  return Object.keys(fresh).filter((column) => String(old[column]) !== String(fresh[column]));
}
