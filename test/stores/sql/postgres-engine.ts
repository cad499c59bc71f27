import { migrationSql, type PostgresPool, postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { startPostgres } from '../../servers/postgres.ts';
import type { OnStatement, TestEngine } from './engine.ts';

export async function postgresEngine(): Promise<TestEngine> {
  const server = await startPostgres();
  return {
    name: 'PostgreSQL',
    installed: server !== undefined,
    async open() {
      const connectionString = await server?.database();
      const pools: pg.Pool[] = [];
      const connect = () => {
        const pool = new pg.Pool({ connectionString, max: 5 });
        pool.on('error', () => {}); // connections that tests cut
        pools.push(pool);
        return pool;
      };
      const own = connect();
      return {
        name: '',
        store: (onStatement) => postgresStore(observed(connect(), onStatement)),
        async execute(sql, parameters = []) {
          const { rows } = await own.query(sql, [...parameters]);
          return rows;
        },
        async explain(sql, parameters) {
          const { rows } = await own.query(`explain (format json) ${sql}`, [...parameters]);
          return JSON.stringify(rows);
        },
        async remove() {
          await Promise.all(pools.map((pool) => pool.end()));
        },
      };
    },
    async stop() {
      await server?.stop();
    },
    refuseEvents: [
      `create function refuse() returns trigger language plpgsql
       as $$ begin raise exception 'refused'; end $$`,
      `create trigger refuse before insert on keywright.keywright_events
       for each row execute function refuse()`,
    ],
    admitEvents: ['drop trigger refuse on keywright.keywright_events'],
    analyze: ['analyze'],
    sorts: /"Sort/,
    scans: /"Seq Scan"/,
    schema: 'keywright.',
    migrationSql: () => migrationSql(),
  };
}

/** The pool as the store has it, whose statements are told. */
function observed(pool: pg.Pool, onStatement: OnStatement = () => {}): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect();
      const query = async (given: string | pg.QueryConfig) => {
        const { text, values = [] } = typeof given === 'string' ? { text: given } : given;
        try {
          onStatement(text, values);
        } catch (error) {
          await client.end(); // as the server sees a client that is killed
          throw error;
        }
        return client.query(given);
      };
      return new Proxy(client, {
        get(target, property) {
          if (property === 'query') return query;
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}
