import { type MysqlConnection, type MysqlPool, migrationSql, mysqlStore } from 'keywright/mysql';
import { createPool, type Pool, type RowDataPacket } from 'mysql2';
import { startMariadb } from '../../servers/mariadb.ts';
import type { OnStatement, TestEngine } from './engine.ts';

export async function mariadbEngine(): Promise<TestEngine> {
  const server = await startMariadb();
  return {
    name: 'MariaDB',
    installed: server !== undefined,
    async open() {
      const uri = (await server?.database()) ?? '';
      const pools: Pool[] = [];
      const connect = () => {
        const pool = createPool({ uri, connectionLimit: 5 });
        pools.push(pool);
        return pool;
      };
      const own = connect().promise();
      return {
        name: new URL(uri).pathname.slice(1),
        store: (onStatement) => mysqlStore(observed(connect(), onStatement)),
        async execute(sql, parameters = []) {
          const [rows] = await own.query<RowDataPacket[]>(sql, [...parameters] as string[]);
          return Array.isArray(rows) ? rows : [];
        },
        async explain(sql, parameters) {
          const [rows] = await own.query(`explain format=json ${sql}`, [...parameters] as string[]);
          return JSON.stringify(rows);
        },
        async remove() {
          await Promise.all(pools.map((pool) => pool.promise().end()));
        },
      };
    },
    async stop() {
      await server?.stop();
    },
    refuseEvents: [
      `create trigger refuse before insert on keywright_events for each row
       signal sqlstate '45000' set message_text = 'refused'`,
    ],
    admitEvents: ['drop trigger refuse'],
    analyze: ['analyze table keywright_keys, keywright_events'],
    sorts: /filesort|temporary_table/,
    scans: /access_type\W+ALL/,
    schema: '',
    migrationSql: ({ name }) => migrationSql(name),
  };
}

/** The pool as the store has it, whose statements are told. */
function observed(
  pool: Pool,
  onStatement: OnStatement = () => {},
): MysqlPool & { readonly config: Pool['config'] } {
  const told = (on: MysqlConnection, cut: () => void): MysqlConnection => {
    const send =
      (method: 'query' | 'execute'): MysqlConnection['query'] =>
      (query, values, callback) => {
        try {
          onStatement(query.sql, values);
        } catch (error) {
          cut();
          return callback(error as Error, undefined);
        }
        return on[method](query, values, callback);
      };
    return { query: send('query'), execute: send('execute') };
  };
  return {
    config: pool.config,
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error) return callback(error, connection as never);
        let cut = false;
        callback(null, {
          ...told(connection, () => {
            cut = true;
            connection.destroy();
          }),
          release: () => {
            if (!cut) connection.release();
          },
          destroy: () => connection.destroy(),
        });
      });
    },
  };
}
