import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { ApiKeys } from 'keywright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createServedSite,
  type Outcome,
  type RunOptions,
  type ServedSite,
  type Site,
} from './cli.ts';
import { checkImports } from './imports.ts';

const TOKEN = /prn_live_[0-9A-Za-z]{55}/;
const OWNER = ['--owner', 'org_acme'];
const COLOUR = '\u001b[';
/** What progress has written over. */
const OVERWRITTEN = /[^\n]*\r/g;

/** One site per way of running: the same commands, in the same order. */
const ways = {
  'in a pipe': (site: Site) => site.inPipe,
  'in a terminal': (site: Site) => site.inTerminal,
};
/** The commands that a test below has run, by their way. */
const tried = new Map<string, Set<string>>();

describe.each(Object.entries(ways))('the command line %s', (way, choose) => {
  let site: Site;
  let served: ServedSite;
  let keys: ApiKeys;
  const terminal = way === 'in a terminal';

  async function run(args: readonly string[], options?: RunOptions): Promise<Outcome> {
    const names = tried.get(way) ?? new Set<string>();
    tried.set(way, names.add(args[0] ?? ''));
    return choose(site)(args, options);
  }

  /** Runs a command that must succeed, and parses what it prints. */
  async function json<Result>(...args: readonly string[]): Promise<Result> {
    const { code, stdout, stderr } = await run([...args, '--json']);
    expect(code, stdout + stderr).toBe(0);
    return JSON.parse(stripVTControlCharacters(stdout).replace(OVERWRITTEN, '')) as Result;
  }

  /** A key that the service itself has created, in the same database. */
  async function create(name: string, owner = 'org_acme', reason = 'a test') {
    const actor = { id: 'user_ada' };
    const { secret, record } = await keys.create({
      ...{ name, owner, environment: 'live', actor, reason },
    });
    return { token: secret.reveal(), record };
  }

  beforeAll(async () => {
    served = await createServedSite((made, args) => {
      site = made;
      return run(args);
    });
    keys = served.keys;
  });
  afterAll(() => served.close());

  it('writes a configuration with init, and keeps the one that is there', async () => {
    const file = join(site.folder, 'keywright.config.mjs');
    const written = await readFile(file, 'utf8');
    expect(written).toContain("format: { brand: 'prn', environments: ['live', 'test'] }");
    const again = await run(['init', '--brand', 'other']);
    expect(again.code).toBe(2);
    expect(again.stdout + again.stderr).toContain('--force overwrites');
    expect(await readFile(file, 'utf8')).toBe(written);
  });

  it('makes the tables with migrate, as often as it is run', async () => {
    expect(await json('migrate')).toEqual({
      place: join(site.folder, 'keywright.db'),
      migrated: true,
    });
  });

  it('creates a key, and prints its token alone on standard output', async () => {
    const args = ['create', '--name', 'Alone', ...OWNER, '--reveal'];
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(0);
    if (terminal) expect(stdout).toMatch(TOKEN);
    else expect(stdout).toMatch(new RegExp(`^${TOKEN.source}\n$`));
    expect(terminal ? stdout : stderr).toMatch(/Name: +Alone\n/);
  });

  it('creates no key whose token would be lost', async () => {
    const owner = ['--owner', 'org_lost'];
    const { code, stdout, stderr } = await run(['create', '--name', 'Lost', ...owner]);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('use --reveal');
    expect(await keys.list({ owner: 'org_lost' })).toEqual({ items: [] });
  });

  it('writes a token into a new file that others cannot read, and shows it nowhere', async () => {
    const file = join(site.folder, 'token');
    const args = ['create', '--name', 'Filed', ...OWNER, '--token-file', file];
    const made = await run(args);
    expect(made.code).toBe(0);
    const token = await readFile(file, 'utf8');
    expect(token).toMatch(new RegExp(`^${TOKEN.source}\n$`));
    expect(made.stdout + made.stderr).not.toMatch(TOKEN);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const again = await run(args);
    expect(again.code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(token);
  });

  it('leaves no file behind when the key cannot be created', async () => {
    const file = join(site.folder, 'never');
    const args = ['create', '--name', 'Never', ...OWNER, '--environment', 'moon'];
    expect((await run([...args, '--token-file', file])).code).toBe(2);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('lists keys as a table and as JSON', async () => {
    const { record } = await create('Listed');
    const { code, stdout } = await run(['list', ...OWNER, '--text', 'Listed']);
    expect(code).toBe(0);
    const [head, row] = stdout.split('\n');
    expect(stripVTControlCharacters(head ?? '')).toMatch(/^ID +NAME +HINT +ENVIRONMENT +STATE /);
    expect(row).toContain(record.id);
    expect(row).toContain('active');
    expect(stdout.includes(COLOUR)).toBe(terminal);
    const { items } = await json<{ items: unknown[] }>('list', ...OWNER, '--text', 'Listed');
    expect(items).toEqual([{ ...record, state: 'active' }]);
  });

  it('identifies a token in any state, and counts that as no use', async () => {
    const { token, record } = await create('Identified');
    await keys.revoke(record.id, { actor: { id: 'user_ada' } });
    const input = { input: `${token}\n`, ...(terminal ? { typedAfter: 'not shown' } : {}) };
    const { code, stdout } = await run(['identify'], input);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain(record.id);
    expect(stdout).toContain('revoked');
    expect(stdout).toMatch(/Last used: +-\n/);
    expect(stdout).not.toContain(token);
  });

  it('tells a token that belongs to no key', async () => {
    const input = { input: 'prn_live_unknown\n', ...(terminal ? { typedAfter: 'not shown' } : {}) };
    const { code, stdout, stderr } = await run(['identify'], input);
    expect(code).toBe(3);
    expect(stdout + stderr).toContain('No key has this token');
  });

  it('rotates a key, once', async () => {
    const { record, token } = await create('Rotated');
    const args = ['rotate', record.id, '--grace', '1h', '--reveal', '--reason', 'yearly'];
    const rotated = await json<{ token: string; record: object }>(...args);
    expect(rotated.token).toMatch(TOKEN);
    expect(rotated.token).not.toBe(token);
    expect(rotated.record).toMatchObject({ name: 'Rotated', replaces: record.id });
    const again = await run([...args]);
    expect(again.code).toBe(4);
  });

  it('revokes keys by their ids, and all keys of an owner', async () => {
    const { id: one } = (await create('One', 'org_leaving')).record;
    const { id: two } = (await create('Two', 'org_leaving')).record;
    await create('Three', 'org_leaving');
    const { items } = await json<{ items: { id: string; state: string }[] }>('revoke', one, two);
    expect(items.map(({ id, state }) => [id, state])).toEqual([
      [one, 'revoked'],
      [two, 'revoked'],
    ]);
    const all = await json('revoke', '--all', '--owner', 'org_leaving');
    expect(all).toEqual({ revoked: 1 });
    const elsewhere = await run(['revoke', one, '--owner', 'org_other']);
    expect(elsewhere.code).toBe(3);
  });

  it('shows who did what, and checks the log', async () => {
    const owner = ['--owner', 'org_logged'];
    const by = ['--actor', 'user_ada', '--reason', 'a new partner'];
    await json('create', '--name', 'Logged', ...owner, '--reveal', ...by);
    const shown = await run(['activity', ...owner]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/1 .*key\.created .*Logged +user_ada +a new partner/);

    const checked = await run(['verify-activity', ...owner]);
    expect(checked.code).toBe(0);
    const [head = ''] = /1:[0-9a-f]{64}/.exec(checked.stdout) ?? [];
    const args = ['verify-activity', ...owner, '--expected-head'];
    expect((await run([...args, head])).code).toBe(0);
    const cut = await run([...args, `2:${'0'.repeat(64)}`, '--json']);
    expect(cut.code).toBe(5);
    expect(JSON.parse(cut.stdout)).toMatchObject({ ok: false, reason: 'missing', sequence: 2 });
  });

  it('imports keys from JSON Lines and CSV, and reports the rows that are wrong', async () => {
    await checkImports({ folder: site.folder, keys, run });
  });

  it('imports no file that is not there', async () => {
    const { code, stdout, stderr } = await run(['import', join(site.folder, 'none.jsonl')]);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('cannot be opened');
  });

  it('finds the configuration, the database and its tables in order', async () => {
    const { ok, checks } = await json<{ ok: boolean; checks: { result: string }[] }>('doctor');
    expect(ok).toBe(true);
    expect(checks.map(({ result }) => result)).toEqual(['ok', 'ok', 'ok', 'ok', 'skipped']);
  });

  it('serves the demo until it is interrupted', async () => {
    tried.get(way)?.add('demo');
    const demo = site.start(['demo', '--port', '0'], terminal);
    const output = await demo.shown('/activity\n');
    const [base = ''] = /http:\/\/[\d.:]+/.exec(output) ?? [];
    const [token = ''] = TOKEN.exec(output) ?? [];
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${base}/api/v1/me`)).status).toBe(401);
    expect((await fetch(`${base}/api/v1/me`, { headers })).status).toBe(200);
    expect(await demo.interrupt()).toBe(0);
  });

  it('colours nothing where NO_COLOR is set', async () => {
    await create('Plain');
    const env = { NO_COLOR: '1' };
    const { code, stdout } = await run(['list', ...OWNER], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('Plain');
    expect(stdout).not.toContain(COLOUR);
  });

  it('reads every page, and says how to read on', async () => {
    const owner = ['--owner', 'org_pages'];
    for (const name of ['One', 'Two']) await create(name, 'org_pages');
    const page = await run(['list', ...owner, '--limit', '1']);
    expect(page.stdout + page.stderr).toMatch(/--cursor \S+, or --all/);
    const first = await json<{ items: unknown[]; cursor: string }>(
      'list',
      ...owner,
      '--limit',
      '1',
    );
    const second = await json<{ items: unknown[] }>('list', ...owner, '--cursor', first.cursor);
    const all = await run(['list', ...owner, '--all']);
    expect(all.stdout).toContain('One');
    expect(all.stdout).toContain('Two');
    expect(all.stdout.includes('2 keys read')).toBe(terminal);
    expect(second.items).toHaveLength(1);
  });

  it('prints no character that turns the line of others around', async () => {
    await create('Hostile', 'org_hostile', 'harmless \u202elive');
    const { stdout } = await run(['activity', '--owner', 'org_hostile']);
    expect(stdout).toContain('harmless \ufffdlive');
  });

  it('has tried every command that its help lists', async () => {
    const { stdout } = await run(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z][\w-]*) /gm)].map(([, name]) => name);
    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((name = '') => name !== 'help' && !tried.get(way)?.has(name))).toEqual([]);
  });
});
