import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { createSite } from './cli.ts';

const site = await createSite();
const [postgres, mariadb, redis] = await Promise.all([
  startPostgres(),
  startMariadb(),
  // As the promises need it: its default loses what came since the last snapshot.
  startRedis({ settings: ['--appendonly', 'yes', '--appendfsync', 'always'] }),
]);
afterAll(async () => {
  await Promise.all([postgres, mariadb, redis].map((server) => server?.stop()));
  await site.remove();
});

const addresses = {
  PostgreSQL: await postgres?.database(),
  MariaDB: await mariadb?.database(),
  Redis: redis?.url,
};
// Drivers are looked up in the project of the user: here, that is this one.
const config = join(import.meta.dirname, 'keywright.config.json');

describe.each(Object.entries(addresses))('the command line on %s', (_name, address) => {
  const env = { DATABASE_URL: address ?? '', KEYWRIGHT_ACTOR: 'user_ada' };

  async function json<Result>(args: readonly string[], input = ''): Promise<Result> {
    const all = [...args, '--config', config, '--json'];
    const { code, stdout, stderr } = await site.inPipe(all, { env, input });
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Result;
  }

  it.skipIf(address === undefined)(
    'migrates, creates, identifies, revokes and checks',
    async () => {
      await json(['migrate']);
      const owner = ['--owner', 'org_acme'];
      const made = await json<{ token: string; record: { id: string; createdBy: object } }>([
        ...['create', '--name', 'First', ...owner, '--reveal'],
      ]);
      expect(made.record.createdBy).toEqual({ id: 'user_ada' });
      await json(['revoke', made.record.id]);
      const identified = await json<object>(['identify'], made.token);
      expect(identified).toMatchObject({ id: made.record.id, state: 'revoked' });
      expect(identified).not.toHaveProperty('digest');

      const { checks } = await json<{ checks: { check: string; result: string }[] }>(['doctor']);
      expect(checks.map(({ check, result }) => `${check} ${result}`)).toEqual([
        'configuration ok',
        'database ok',
        'tables ok',
        'settings ok',
        'clock ok',
      ]);
    },
  );

  it.skipIf(address === undefined)('finds a clock that is a minute behind', async () => {
    const slow = join(site.folder, 'slow.mjs');
    await writeFile(slow, 'const { now } = Date;\nDate.now = () => now() - 60_000;\n');
    const { code, stdout } = await site.inPipe(['doctor', '--config', config, '--json'], {
      env: { ...env, NODE_OPTIONS: `--import ${slow}` },
    });
    expect(code).toBe(5);
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: object[] };
    expect(ok).toBe(false);
    expect(checks.at(-1)).toMatchObject({
      check: 'clock',
      result: 'failed',
      detail: expect.stringMatching(/ \d{5} ms behind the database$/),
    });
  });
});

describe('a database that is not as it should be', () => {
  async function lastFinding(address: string): Promise<object> {
    const env = { DATABASE_URL: address };
    const { code, stdout } = await site.inPipe(['doctor', '--config', config, '--json'], { env });
    expect(code).toBe(5);
    const { checks } = JSON.parse(stdout) as { checks: object[] };
    return checks.at(-1) ?? {};
  }

  it.skipIf(postgres === undefined)('has no tables', async () => {
    const address = (await postgres?.database()) ?? '';
    const detail = expect.stringContaining('run "keywright migrate"');
    expect(await lastFinding(address)).toMatchObject({ check: 'tables', result: 'failed', detail });
  });

  it('reports an unreachable database without its password', async () => {
    const finding = await lastFinding('postgres://ada:hunter2@127.0.0.1:1/app');
    expect(finding).toMatchObject({ check: 'database', result: 'failed' });
    expect(JSON.stringify(finding)).toContain('ECONNREFUSED');
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });

  it('fails a command with exit code 1', async () => {
    const { code, stderr } = await site.inPipe(
      ['list', '--owner', 'org_acme', '--config', config, '--json'],
      { env: { DATABASE_URL: 'redis://127.0.0.1:1' } },
    );
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'failed' } });
  });

  it('has an address of no known kind, which is not repeated', async () => {
    for (const address of ['oracle://ada:hunter2@127.0.0.1/app', 'hunter2']) {
      const finding = JSON.stringify(await lastFinding(address));
      expect(finding).toContain('must begin with postgres:');
      expect(finding).not.toContain('hunter2');
    }
  });
});
