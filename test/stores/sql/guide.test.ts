import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyStore } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import { storedKey, successor, trace } from 'keywright/testing';
import { createPool, type Pool } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChangeFeed } from '../../../src/change-feed.ts';
import { promisedOutput, run, type Snippet } from '../../docs/snippets.ts';
import { complaintsAbout } from '../../docs/type-check.ts';
import { startMariadb } from '../../servers/mariadb.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { changing } from './changing.ts';

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()]);
const folder = await mkdtemp(join(tmpdir(), 'keywright-guide-'));
afterAll(async () => {
  await Promise.all([postgres?.stop(), mariadb?.stop(), rm(folder, { recursive: true })]);
});

const page = await readFile(new URL('../../../docs/guide/sql.md', import.meta.url), 'utf8');
const snippets: Snippet[] = [...page.matchAll(/^```ts sql\n(.*?)^```$/gms)].map(
  ([, code = ''], index) => ({ name: `snippet ${index + 1}`, code }),
);

/** Whether a server that is not installed is needed. */
function lacksServer({ code }: Snippet): boolean {
  const needs = (server: unknown, url: string) => server === undefined && code.includes(url);
  return needs(postgres, 'postgres://') || needs(mariadb, 'mysql://');
}

/** The snippet on a database of its own. */
async function placed({ name, code }: Snippet): Promise<Snippet> {
  const urls = {
    'postgres://localhost/app': code.includes('postgres://') ? await postgres?.database() : '',
    'mysql://localhost/app': code.includes('mysql://') ? await mariadb?.database() : '',
    'keys.db': join(folder, `${name}.db`.replace(' ', '-')),
  };
  const places = Object.entries(urls);
  return { name, code: places.reduce((text, [url, own = '']) => text.replace(url, own), code) };
}

describe('the guide to SQL', () => {
  it('has snippets that pass the type check', () => {
    expect(snippets.length).toBe(8);
    expect(complaintsAbout(snippets)).toEqual([]);
  });

  describe.each(snippets)('has a $name', (snippet) => {
    it.skipIf(lacksServer(snippet))('that runs, and prints what it says', async () => {
      const running = await run(await placed(snippet));
      const code = await running.ended;
      await running.stop();
      expect(code, running.output()).toBe(0);
      for (const promised of promisedOutput(snippet)) expect(running.output()).toMatch(promised);
    });
  });
});

/** The SQL of the page for a family, as single statements. */
function rolesOf(family: string): string[] {
  const [, sql = ''] = new RegExp(`^\`\`\`sql ${family}\\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  return sql.split(';').filter((statement) => statement.trim() !== '');
}

/** All that a service and its management do with a store, but for the erasure. */
async function serve(store: KeyStore): Promise<void> {
  const [key, next] = [storedKey(), successor()];
  const changes = changing(store);
  const feed = store.changes as ChangeFeed;
  await changes.create(key, trace());
  await changes.update({ id: key.id }, { name: 'n' }, trace());
  await changes.rotate({ id: key.id }, next, trace());
  await store.recordUsage(new Map([[key.id, 7]]));
  await changes.upgradeDigest(key.id, key.digest, storedKey().digest);
  const { total } = await feed.poll('holder');
  await feed.register(100);
  await feed.acknowledge('holder', total, 100);
  expect((await feed.readMembers()).members).toEqual([{ holder: 'holder', acked: total }]);
  await feed.leave('holder');
  await changes.revoke({ id: key.id }, trace());
  const factor = { owner: key.owner, actorId: 'user_9' };
  for (const value of ['one', 'two', undefined]) {
    await changes.writeFactor(factor, value, trace());
  }
  expect(await changes.revokeAll(key.owner, trace())).toBe(1);
  expect((await store.list({ owner: key.owner, limit: 9, now: 0 })).items).toHaveLength(2);
  expect(await store.readChain(key.owner, 0, 9)).toHaveLength(8);
}

/** Claims and releases all that there is to deliver. */
async function deliver({ deliveries, head }: KeyStore): Promise<void> {
  const request = { consumer: 'siem', holder: 'holder', limit: 9, leaseMs: 1000 };
  await deliveries?.register(request.consumer);
  const claims = (await deliveries?.claim(request)) ?? [];
  expect(claims).toHaveLength(1);
  for (const claim of claims) await deliveries?.release(claim, await head(claim.owner));
  expect(await deliveries?.claim(request)).toEqual([]);
}

const FORBIDDEN = [
  "update keywright_events set reason = 'other'",
  'delete from keywright_events',
  'delete from keywright_keys',
  'drop table keywright_events',
];
const inSchema = (statement: string) => statement.replace('keywright_', 'keywright.keywright_');

describe.skipIf(postgres === undefined)('the roles of the guide, in PostgreSQL', () => {
  it('serve, erase and audit, and can do nothing else', async () => {
    const url = (await postgres?.database()) ?? '';
    const as = (user: string) =>
      new pg.Pool({ connectionString: url.replace('keywright@', `${user}@`), max: 3 });
    const [owner, app, eraser, deliverer, auditor] = [
      as('keywright'),
      as('keywright_app'),
      as('keywright_eraser'),
      as('keywright_deliverer'),
      as('keywright_auditor'),
    ];
    await postgresStore(owner).migrate();
    for (const statement of rolesOf('postgres')) await owner.query(statement);

    await serve(postgresStore(app));
    await deliver(postgresStore(deliverer));
    for (const statement of FORBIDDEN) {
      for (const pool of [app, deliverer, auditor]) {
        await expect(pool.query(inSchema(statement)), statement).rejects.toThrow(
          /permission|must be owner/,
        );
      }
    }
    const { owner: org, createdBy } = storedKey();
    const erase = (pool: pg.Pool) =>
      changing(postgresStore(pool)).eraseActor(org, createdBy.id, trace());
    await expect(erase(app)).rejects.toThrow(/permission denied/);
    expect(await erase(eraser)).toBeGreaterThan(0);
    await expect(
      eraser.query(inSchema("update keywright_events set action = 'x'")),
    ).rejects.toThrow(/permission denied/);
    expect((await postgresStore(auditor).head(org)).sequence).toBe(9);
    await expect(changing(postgresStore(auditor)).create(storedKey(), trace())).rejects.toThrow(
      /permission/,
    );
    await Promise.all([owner, app, eraser, deliverer, auditor].map((pool) => pool.end()));
  });
});

describe.skipIf(mariadb === undefined)('the users of the guide, in MariaDB', () => {
  it('serve, erase and audit, and can do nothing else', async () => {
    const uri = (await mariadb?.database()) ?? '';
    const name = new URL(uri).pathname.slice(1);
    const owner = createPool(uri);
    await mysqlStore(owner).migrate();
    for (const statement of rolesOf('mysql'))
      await owner.query(statement.replaceAll('app.', `${name}.`));
    const as = (user: string) => createPool(uri.replace('keywright@', `${user}@`));
    const [app, eraser, deliverer, auditor] = [
      as('keywright_app'),
      as('keywright_eraser'),
      as('keywright_deliverer'),
      as('keywright_auditor'),
    ];
    await serve(mysqlStore(app));
    await deliver(mysqlStore(deliverer));
    for (const statement of FORBIDDEN) {
      for (const pool of [app, deliverer, auditor]) {
        await expect(pool.query(statement), statement).rejects.toThrow(/denied/);
      }
    }
    const { owner: org, createdBy } = storedKey();
    const erase = (pool: Pool) => changing(mysqlStore(pool)).eraseActor(org, createdBy.id, trace());
    await expect(erase(app)).rejects.toThrow(/denied/);
    expect(await erase(eraser)).toBeGreaterThan(0);
    for (const statement of ["update keywright_events set action = 'x'", ...FORBIDDEN.slice(1)]) {
      await expect(eraser.query(statement), statement).rejects.toThrow(/denied/);
    }
    expect((await mysqlStore(auditor).head(org)).sequence).toBe(9);
    await expect(changing(mysqlStore(auditor)).create(storedKey(), trace())).rejects.toThrow(
      /denied/,
    );
    await Promise.all([owner, app, eraser, deliverer, auditor].map((pool) => pool.end()));
  });
});
