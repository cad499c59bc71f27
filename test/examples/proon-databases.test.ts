import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres, withClient } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { openNodeRedis } from '../stores/redis/clients.ts';
import { answerTo, type Demo, startDemo } from './demo.ts';

const folder = await mkdtemp(join(tmpdir(), 'proon-'));
const [postgres, mariadb, redis] = await Promise.all([
  startPostgres(),
  startMariadb(),
  startRedis(),
]);
afterAll(async () => {
  await Promise.all([postgres, mariadb, redis].map((server) => server?.stop()));
  await rm(folder, { recursive: true });
});

/** What the environment says for each, where it is installed. */
const places = {
  SQLite: { PROON_FILE: join(folder, 'proon.db') },
  PostgreSQL: databaseAt(await postgres?.database()),
  MariaDB: databaseAt(await mariadb?.database()),
  Redis: databaseAt(redis?.url),
};

/** Ends the connections of the demo on the side of the server, which keeps running. */
const endConnections: Readonly<Record<string, () => Promise<void>>> = {
  async PostgreSQL() {
    const others =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname <> current_database()';
    await withClient(postgres?.url('postgres') ?? '', (client) => client.query(others));
  },
  async MariaDB() {
    const connection = await createConnection(places.MariaDB?.DATABASE_URL ?? '');
    const others =
      'select id from information_schema.processlist where id <> connection_id() and db = database()';
    const [rows] = await connection.query<RowDataPacket[]>(others);
    for (const { id } of rows) await connection.query(`kill ${id}`);
    await connection.end();
  },
  async Redis() {
    const { client, close } = await openNodeRedis(redis?.url ?? '');
    await client.sendCommand(['CLIENT', 'KILL', 'SKIPME', 'yes']);
    close();
  },
};

function databaseAt(url: string | undefined) {
  return url === undefined ? undefined : { DATABASE_URL: url };
}

const LIST = 'List the keys';
const CREATE = 'Create a key; it is shown this once';

async function create(demo: Demo) {
  const { status, body } = await answerTo(demo.line(CREATE));
  expect(status, body).toBe(201);
  return JSON.parse(body) as { key: string; record: { id: string } };
}

async function revoke(demo: Demo, id: string): Promise<void> {
  const line = demo.line(CREATE);
  const curl = line.curl.replace('/keys ', `/keys/${id}/revoke `).replace(/-d '.*'$/, "-d '{}'");
  const { status, body } = await answerTo({ ...line, curl });
  expect(status, body).toBe(200);
}

async function statusFor(demo: Demo, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${demo.base}/api/v1/me`, { headers })).status;
}

for (const [name, place] of Object.entries(places)) {
  describe.skipIf(place === undefined)(`the ProoN demo on ${name}`, () => {
    it('keeps its keys over a restart, and does not show their text again', async () => {
      let demo = await startDemo(place ?? {});
      expect(demo.output).toMatch(/first key, shown this once:\n\n {2}prn_live_[0-9A-Za-z]{55}\n/);
      const [kept, revoked] = [await create(demo), await create(demo)];
      await revoke(demo, revoked.record.id);
      expect(await statusFor(demo, kept.key)).toBe(200);
      expect(await statusFor(demo, revoked.key)).toBe(401);
      await demo.stop();

      demo = await startDemo(place ?? {});
      expect(demo.output).not.toContain('prn_live_');
      expect((await answerTo(demo.line(LIST))).body).toContain(kept.record.id);
      expect(await statusFor(demo, kept.key)).toBe(200);
      expect(await statusFor(demo, revoked.key)).toBe(401);
      for (const line of demo.lines) {
        expect((await answerTo(line)).status, line.says).toBe(line.status);
      }
      await revoke(demo, kept.record.id);
      expect(await statusFor(demo, kept.key)).toBe(401);
      await demo.stop();
    });

    const endThem = endConnections[name];
    if (endThem === undefined) return; // a file has none

    it('outlives the loss of its connections', async () => {
      const demo = await startDemo(place ?? {});
      const { key } = await create(demo);
      await endThem();
      await expect.poll(() => statusFor(demo, key)).toBe(200);
      await demo.stop();
    });
  });
}
