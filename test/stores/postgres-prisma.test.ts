import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { createApiKeys, tokenFormat } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../servers/postgres.ts';
import { inTransaction } from './sql/in-transaction.ts';

const SCHEMA = `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "postgresql"
}
model Integration {
  keyId String @id @map("key_id")
  @@map("integrations")
}
`;

/** What the test uses of the client that Prisma generates. */
interface Prisma {
  readonly integration: {
    create(given: { data: { keyId: string } }): Promise<unknown>;
    findMany(): Promise<{ keyId: string }[]>;
  };
  $transaction(work: (transaction: Prisma) => Promise<unknown>): Promise<unknown>;
  $disconnect(): Promise<void>;
}

/** The client of the schema, in a folder inside the project, where it finds Prisma's runtime. */
async function generated(folder: string): Promise<{
  PrismaClient: new (options: { adapter: PrismaPg }) => Prisma;
}> {
  const schema = join(folder, 'schema.prisma');
  await writeFile(schema, SCHEMA);
  const program = fileURLToPath(import.meta.resolve('prisma/build/index.js'));
  await promisify(execFile)(process.execPath, [program, 'generate', '--schema', schema], {
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      // It would be downloaded, though nothing but migrations of Prisma's own runs it.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    },
  });
  return import(/* @vite-ignore */ join(folder, 'generated/client.ts'));
}

const server = await startPostgres();
const format = tokenFormat({ brand: 'prn', environments: ['live'] });
const named = {
  name: 'Zapier production',
  owner: 'org_acme',
  environment: 'live',
  actor: { id: 'user_ada' },
} as const;

describe.skipIf(server === undefined)('Prisma and postgresStore on one pool', () => {
  let folder: string;
  let pool: pg.Pool;
  let prisma: Prisma;
  let keys: ReturnType<typeof createApiKeys<'live'>>;

  beforeAll(async () => {
    folder = await mkdtemp(fileURLToPath(new URL('.prisma-', import.meta.url)));
    const { PrismaClient } = await generated(folder);
    pool = new pg.Pool({ connectionString: await server?.database(), max: 2 });
    prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
    const store = postgresStore(pool);
    await store.migrate();
    await pool.query('create table public.integrations (key_id text primary key)');
    keys = createApiKeys({ format, store });
  });

  afterAll(async () => {
    await keys.close();
    await pool.end();
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  it('works side by side with Prisma on one pool', async () => {
    const created = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { secret, record } = await keys.create(named);
        await prisma.integration.create({ data: { keyId: record.id } });
        expect(await keys.verify(secret.reveal())).toMatchObject({ ok: true });
        return record.id;
      }),
    );
    const found = await prisma.integration.findMany();
    expect(found.map(({ keyId }) => keyId).sort()).toEqual(created.sort());
    expect(pool.totalCount).toBe(2);
    const { rows } = await pool.query<{ connections: number }>(
      `select count(*)::int as connections from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend'`,
    );
    expect(rows[0]?.connections).toBe(2);
  });

  it('rejects a transaction of Prisma, which does not expose its client', async () => {
    const before = await keys.list({ owner: named.owner });
    const joined = prisma.$transaction((transaction) => keys.create({ ...named, transaction }));
    await expect(joined).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await keys.list({ owner: named.owner })).toEqual(before);
  });

  it('reads what was committed together on a client of the pool', async () => {
    let id = '';
    await inTransaction(pool, async (client) => {
      const { record } = await keys.create({ ...named, transaction: client });
      await client.query('insert into public.integrations values ($1)', [record.id]);
      id = record.id;
    });
    expect((await prisma.integration.findMany()).map(({ keyId }) => keyId)).toContain(id);
    expect(await keys.get(id)).toBeDefined();
  });

  it('leaves the pool open after `$disconnect()`', async () => {
    await prisma.$disconnect();
    expect((await keys.list({ owner: named.owner })).items.length).toBeGreaterThan(0);
  });
});
