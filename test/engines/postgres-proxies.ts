import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { present } from '../faults/engines.ts';
import { startHaproxy } from '../servers/haproxy.ts';
import { startPgbouncer } from '../servers/pgbouncer.ts';
import { check } from './checker.ts';
import { synchronousPair } from './postgres-pair.ts';
import { faultRun } from './setup.ts';

/** A pair behind HAProxy, and PgBouncer before that if asked, through a failover. */
async function promotion(isPooled: boolean) {
  await using resources = new AsyncDisposableStack();
  const { primary, standby, url } = await synchronousPair(resources);
  const proxy = present(await startHaproxy(primary, standby), 'HAProxy');
  resources.defer(() => proxy.stop('SIGKILL'));
  let address = proxy.through(url);
  if (isPooled) {
    const front = { port: proxy.port, url: (database: string) => primary.url(database) };
    const pooler = present(await startPgbouncer(front), 'PgBouncer');
    resources.defer(() => pooler.stop('SIGKILL'));
    address = pooler.through(url);
  }
  const open = () => {
    const pool = new pg.Pool({ connectionString: address, connectionTimeoutMillis: 2000 });
    pool.on('error', () => {});
    resources.defer(() => pool.end());
    return postgresStore(pool, isPooled ? { prepare: false, listen: false } : {});
  };
  const [writer, reader] = [open(), open()];
  await writer.migrate();
  return await check({
    ...{ writer, reader },
    async fault() {
      await primary.kill();
      standby.promote();
    },
  });
}

const fault = 'SIGKILL of the primary, promotion';
const engine = (front: string) => `PostgreSQL, synchronous standby, ${front}`;

export const figures = [
  faultRun('haproxy.promotion', { engine: engine('HAProxy'), fault, isNightly: true }, () =>
    promotion(false),
  ),
  faultRun(
    'pgbouncer.promotion',
    { engine: engine('PgBouncer before HAProxy'), fault, isNightly: true },
    () => promotion(true),
  ),
];
