import { type CompiledQuery, sql } from 'kysely';
import { type Dialect, tableOf } from './dialect.ts';
import { digestTaken, isDuplicate } from './failures.ts';
import { read, type Script, write } from './script.ts';

/**
 * One statement for any number of keys: the uses travel as one JSON text, so that the statement is
 * the same for every batch and no engine's limit on parameters is reached. In the order of the ids,
 * in which all lock rows.
 */
export function recordUsage(dialect: Dialect, usage: ReadonlyMap<string, number>): CompiledQuery {
  const { build, family } = dialect;
  const table = tableOf(dialect, 'keywright_keys');
  const uses = JSON.stringify([...usage].sort(([a], [b]) => (a < b ? -1 : 1)));
  switch (family) {
    case 'postgres':
      return sql`
        update ${table} as k set last_used_at = u.at
        from (
          select use ->> 0 as id, (use ->> 1)::bigint as at
          from jsonb_array_elements(${uses}::text::jsonb) as use
        ) as u
        where k.id = u.id and coalesce(k.last_used_at, 0) < u.at`.compile(build);
    case 'mysql':
      return sql`
        update json_table(${uses}, '$[*]' columns (
          id varchar(1020) character set utf8mb4 path '$[0]',
          at bigint path '$[1]'
        )) as u
        straight_join ${table} as k on k.id = cast(u.id as binary)
        set k.last_used_at = u.at
        where coalesce(k.last_used_at, 0) < u.at`.compile(build);
    case 'sqlite':
      return sql`
        update ${table} as k set last_used_at = u.at
        from (
          select value ->> 0 as id, value ->> 1 as at from json_each(${uses})
        ) as u
        where k.id = u.id and coalesce(k.last_used_at, 0) < u.at`.compile(build);
  }
}

/** Whether the key had the digest `from`, and now has `to`. */
export function* replaceDigest(
  { build, bytes, family }: Dialect,
  id: string,
  from: string,
  to: string,
): Script<boolean> {
  const where = { id: bytes(id), digest: bytes(from) };
  if (from === to) {
    const { length } = yield* read(
      build
        .selectFrom('keywright_keys')
        .select('id')
        .where((eb) => eb.and(where)),
    );
    return length > 0;
  }
  try {
    const changes = yield* write(
      build
        .updateTable('keywright_keys')
        .set({ digest: bytes(to) })
        .where((eb) => eb.and(where)),
    );
    return changes > 0;
  } catch (error) {
    throw isDuplicate(family, error) ? digestTaken(error) : error;
  }
}
