import { findProgram } from './daemon.ts';
import { mariadbProgram } from './mariadb.ts';
import { pgbouncerProgram } from './pgbouncer.ts';
import { postgresProgram } from './postgres.ts';

const servers = {
  PostgreSQL: postgresProgram(),
  PgBouncer: pgbouncerProgram(),
  MariaDB: mariadbProgram(),
  Redis: findProgram('redis-server') ?? findProgram('valkey-server'),
};

/**
 * Says which servers the tests have to do without. Each test file starts those it needs itself;
 * with `KEYWRIGHT_REQUIRE_SERVERS=1` a run fails unless all are there.
 */
export default function setup(): void {
  const missing = Object.entries(servers)
    .filter(([, program]) => program === undefined)
    .map(([name]) => name);
  if (missing.length === 0) return;
  const notice = `not installed, so its tests are skipped: ${missing.join(', ')}`;
  if (process.env.KEYWRIGHT_REQUIRE_SERVERS === '1') throw new Error(notice);
  process.stderr.write(`\n${notice}\n`);
}
