import { type RawBuilder, sql } from 'kysely';
import type { Family } from './dialect.ts';

/** Milliseconds by the clock of the database. In PostgreSQL, it stands still during a statement. */
export const NOW: Readonly<Record<Family, RawBuilder<unknown>>> = {
  postgres: sql`floor(extract(epoch from statement_timestamp()) * 1000)::bigint`,
  mysql: sql`timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000`,
  sqlite: sql`cast((julianday('now') - 2440587.5) * 86400000 as integer)`,
};
