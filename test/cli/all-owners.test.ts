import { stripVTControlCharacters } from 'node:util';
import type { ApiKeys } from 'keywright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServedSite, type ServedSite, type Site } from './cli.ts';

const OWNER = ['--owner', 'org_acme'];

describe('the command line over all owners', () => {
  let site: Site;
  let served: ServedSite;
  let keys: ApiKeys;
  const run = (args: readonly string[]) => site.inPipe(args);

  /** Runs a command that must succeed, and parses what it prints. */
  async function json<Result>(...args: readonly string[]): Promise<Result> {
    const { code, stdout, stderr } = await run([...args, '--json']);
    expect(code, stdout + stderr).toBe(0);
    return JSON.parse(stdout) as Result;
  }

  beforeAll(async () => {
    served = await createServedSite();
    ({ site, keys } = served);
  });
  afterAll(() => served.close());

  it('shows the owner of each key in a terminal too', async () => {
    const actor = { id: 'user_terminal' };
    await keys.create({ name: 'Shown', owner: 'org_shown', environment: 'live', actor });
    const { code, stdout } = await site.inTerminal(['list', '--all-owners', '--text', 'Shown']);
    expect(code).toBe(0);
    expect(stripVTControlCharacters(stdout)).toMatch(/^OWNER .*\norg_shown /);
    const revoked = await site.inTerminal(['revoke', '--all-owners', '--text', 'Shown']);
    expect(stripVTControlCharacters(revoked.stdout)).toContain('1 revoked; owners: 1');
  });

  it('lists and revokes keys of all owners', async () => {
    const actor = { id: 'user_eve' };
    const ids: string[] = [];
    for (const owner of ['org_a', 'org_b', 'org_b']) {
      const key = { name: 'Everywhere', owner, environment: 'live', actor };
      ids.unshift((await keys.create(key)).record.id);
    }
    const everywhere = ['--all-owners', '--created-by', 'user_eve'];
    const listed = await run(['list', ...everywhere]);
    expect(listed.code, listed.stdout + listed.stderr).toBe(0);
    const [head, row] = listed.stdout.split('\n');
    expect(stripVTControlCharacters(head ?? '')).toMatch(/^OWNER +ID +NAME /);
    expect(row).toMatch(/^org_b +key_/);
    const { items } = await json<{ items: { id: string }[] }>('list', ...everywhere);
    expect(items.map(({ id }) => id)).toEqual(ids);
    const soon = ['--expires-after', '2026-01-01', '--expires-before', '2027-01-01'];
    expect(await json('list', ...everywhere, ...soon)).toEqual({ items: [] });

    const revoked = await json('revoke', ...everywhere, '--reason', 'left');
    expect(revoked).toEqual({ read: 3, owners: 2, revoked: 3 });
    const left = await json<{ items: unknown[] }>('list', ...everywhere, '--state', 'active');
    expect(left.items).toEqual([]);
    const again = await run(['revoke', ...everywhere]);
    expect(again.stdout + again.stderr).toContain('0 revoked; owners: 0');
  });

  it.each([
    [['list', '--all-owners', ...OWNER], 'not both'],
    [['list', ...OWNER, '--created-by', 'user_eve'], '--created-by needs --all-owners'],
    [['revoke', '--all-owners'], 'filter must have a field'],
    [['revoke', '--all-owners', '--all', '--text', 'a'], 'neither ids nor --owner nor --all'],
    [['revoke', '--all-owners', 'key_1', '--text', 'a'], 'neither ids nor --owner nor --all'],
    [['revoke', 'key_1', '--text', 'a'], '--text needs --all-owners'],
  ])('refuses %j', async (args, says) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(says);
  });
});
