import { sql } from 'kysely';
import { type Dialect, tableOf } from './dialect.ts';
import type { Session } from './engine.ts';
import { keys } from './tables.ts';

/**
 * Writes when keys were last used. Passes the uses as one JSON parameter, so that the statement is the same
 * for every batch. Sorts them by id, the order in which all statements lock rows.
 */
export async function recordUsage(
  dialect: Dialect,
  session: Session,
  usage: ReadonlyMap<string, number>,
): Promise<void> {
  const { build, family } = dialect;
  const known = family === 'mysql' ? await onlyKnown(dialect, session, usage) : [...usage];
  if (known.length === 0) return;
  const uses = JSON.stringify(known.sort(([a], [b]) => (a < b ? -1 : 1)));
  const [table, of] = [tableOf(dialect, 'keywright_usage'), tableOf(dialect, 'keywright_keys')];
  const insert = {
    postgres: sql`
      insert into ${table} as u (id, at)
      select k.id, (use ->> 1)::bigint
      from json_array_elements(${uses}::text::json) as use
      join ${of} as k on k.id = use ->> 0
      order by k.id
      on conflict (id) do update set at = excluded.at where u.at < excluded.at`,
    mysql: sql`
      insert into ${table} (id, at)
      select cast(u.id as binary), u.used from ${jsonTable(uses)}
      on duplicate key update at = greatest(at, values(at))`,
    sqlite: sql`
      insert into ${table} (id, at)
      select k.id, use.value ->> 1 from json_each(${uses}) as use
      join ${of} as k on k.id = use.value ->> 0 where true
      on conflict (id) do update set at = max(at, excluded.at)`,
  }[family];
  await session.run(insert.compile(build));
}

/** Reads the ids separately: an insert that selects from the keys would lock them, and wait for changes. */
async function onlyKnown(
  dialect: Dialect,
  session: Session,
  usage: ReadonlyMap<string, number>,
): Promise<[string, number][]> {
  const table = tableOf(dialect, 'keywright_keys');
  const uses = JSON.stringify([...usage]);
  const select = sql`
    select k.id from ${jsonTable(uses)} straight_join ${table} as k on k.id = cast(u.id as binary)`;
  const { rows } = await session.run(select.compile(dialect.build));
  const known = new Set(
    rows.map((row) => keys.codecs.get('id')?.read((row as { id: unknown }).id)),
  );
  return [...usage].filter(([id]) => known.has(id));
}

function jsonTable(uses: string) {
  return sql`json_table(${uses}, '$[*]' columns (
    id varchar(1020) character set utf8mb4 path '$[0]', used bigint path '$[1]')) as u`;
}
