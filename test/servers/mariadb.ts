import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import {
  accountOf,
  type Daemon,
  findProgram,
  folderOf,
  freePort,
  prepare,
  startDaemon,
} from './daemon.ts';

export interface MariadbServer extends Daemon {
  /** A new, empty database. */
  database(): Promise<string>;
}

export interface MariadbOptions {
  /** Whether a commit reaches the disk. Default `false`: what a test writes need not. */
  readonly durable?: boolean;
  /** Where the data is, which then outlives the server; made if need be. Default: goes with it. */
  readonly data?: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** Further settings, as on the command line. */
  readonly settings?: readonly string[];
}

export function mariadbProgram(): string | undefined {
  return findProgram('mariadbd');
}

/** Starts a server on the loopback interface; `undefined` where none is installed. */
export async function startMariadb(
  options: MariadbOptions = {},
): Promise<MariadbServer | undefined> {
  const program = mariadbProgram();
  const install = findProgram('mariadb-install-db');
  if (program === undefined || install === undefined) return undefined;
  const account = accountOf('mysql');
  const folder = await folderOf('mariadb', account);
  const data = options.data ?? join(folder, 'data');
  const port = options.port ?? (await freePort());
  const own = ['--no-defaults', `--datadir=${data}`];
  if (!existsSync(join(data, 'mysql'))) {
    prepare(
      install,
      [...own, '--auth-root-authentication-method=normal', '--skip-test-db'],
      account,
    );
  }
  const initFile = join(folder, 'init.sql');
  await writeFile(
    initFile,
    "create user if not exists keywright@'%';\ngrant all on *.* to keywright@'%' with grant option;\n",
    { mode: 0o644 },
  );
  const url = (database: string) => `mysql://keywright@127.0.0.1:${port}/${database}`;
  const args = [
    ...own,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--init-file=${initFile}`,
    '--skip-name-resolve',
    `--innodb-flush-log-at-trx-commit=${options.durable ? 1 : 0}`,
    '--innodb-buffer-pool-size=64M',
    ...(options.settings ?? []),
  ];
  const execute = async (sql: string) => {
    const connection = await mysql.createConnection(url('mysql'));
    try {
      await connection.query(sql);
    } finally {
      await connection.end();
    }
  };
  const daemon = await startDaemon(program, args, {
    ...{ folder, port, account },
    answers: () => execute('select 1'),
  });
  let databases = 0;
  return {
    ...daemon,
    async database() {
      const name = `keywright_${++databases}`;
      await execute(`create database ${name}`);
      return url(name);
    },
  };
}

/** The wsrep provider of Debian's package `galera-4`. */
export const GALERA = '/usr/lib/galera/libgalera_smm.so';

/** Settings of the first node of a Galera cluster. */
export async function galeraSettings(): Promise<string[]> {
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${GALERA}`,
    '--wsrep-new-cluster',
    '--wsrep-cluster-address=gcomm://',
    '--wsrep-node-address=127.0.0.1',
    `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${await freePort()}`,
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
  ];
}
