import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createSite, type RunOptions } from './cli.ts';

const site = await createSite();
afterAll(() => site.remove());

const written: string[] = [];
afterEach(async () => {
  await Promise.all(written.splice(0).map((file) => rm(file)));
});

async function write(name: string, text: string): Promise<void> {
  const file = join(site.folder, name);
  await writeFile(file, text);
  written.push(file);
}

const LIST = ['list', '--owner', 'org_acme'];
const FORMAT = "format: { brand: 'prn', environments: ['live'] }";

/** What a run that is refused says, on one line. */
async function refusal(args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await site.inPipe(args, options);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  return stderr;
}

describe('the configuration', () => {
  it('comes from the environment alone', async () => {
    const env = {
      DATABASE_URL: 'sqlite:environment.db',
      KEYWRIGHT_BRAND: 'env',
      KEYWRIGHT_ENVIRONMENTS: 'test, live',
      KEYWRIGHT_CHECKSUM: 'crc32',
    };
    expect((await site.inPipe(['migrate'], { env })).code).toBe(0);
    const args = ['create', '--name', 'First', '--owner', 'org_acme', '--reveal'];
    expect((await site.inPipe(args, { env })).stdout).toMatch(/^env_test_\w{55}\n$/);
  });

  it('may be TypeScript, a function, and open its own store', async () => {
    await write(
      'keywright.config.mts',
      `import { memoryStore } from 'keywright';
export default async function () {
  const closed: string = 'closed';
  return { ${FORMAT}, store: memoryStore(), close: () => console.error(closed) };
}
`,
    );
    const { code, stderr } = await site.inPipe(LIST);
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('No keys\nclosed\n');
    expect((await site.inPipe(['migrate'])).stderr).toContain('has no tables');
  });

  it('checks new keys against its scopes', async () => {
    await write(
      'keywright.config.mjs',
      `import { memoryStore } from 'keywright';
export default { ${FORMAT}, store: memoryStore(), scopes: ['orders:read'] };
`,
    );
    const args = ['create', '--name', 'First', '--owner', 'org_acme', '--reveal', '--scopes'];
    expect((await site.inPipe([...args, 'orders:read'])).code).toBe(0);
    expect(await refusal([...args, 'orders:write'])).toContain('scopes');
  });

  it.each([
    ['an unknown field', `{ ${FORMAT}, databse: 'sqlite:a.db' }`, 'unknown field "databse"'],
    ['a store beside a database', `{ ${FORMAT}, store: {}, database: 'sqlite:a.db' }`, 'not both'],
    ['a store that is none', `{ ${FORMAT}, store: {} }`, 'store.findByDigest'],
    ['a wrong format', "{ format: { brand: 'a b', environments: ['live'] } }", 'brand'],
    ['a database that is no text', `{ ${FORMAT}, database: 7 }`, '"database" must be a string'],
    ['nothing', 'undefined', 'must have a default export'],
    ['no database', `{ ${FORMAT} }`, 'set DATABASE_URL'],
    ['an error', 'missing', 'missing is not defined'],
  ])('is refused with %s', async (_what, exported, says) => {
    await write('keywright.config.mjs', `export default ${exported};\n`);
    expect(await refusal(LIST)).toContain(says);
  });

  it('is refused where there are two files, or none by that name', async () => {
    await write('keywright.config.mjs', `export default { ${FORMAT} };\n`);
    await write('keywright.config.json', '{}');
    expect(await refusal(LIST)).toContain('name one with --config');
    expect(await refusal([...LIST, '--config', 'other.mjs'])).toContain('other.mjs');
  });

  it('is not written with a password in it', async () => {
    const args = ['init', '--brand', 'prn', '--database', 'postgres://ada:hunter2@localhost/app'];
    const says = await refusal(args);
    expect(says).toContain('set DATABASE_URL');
    expect(says).not.toContain('hunter2');
  });
});

describe('the arguments', () => {
  const env = { DATABASE_URL: 'sqlite:none.db', KEYWRIGHT_BRAND: 'prn' };
  const create = ['create', '--name', 'First', '--owner', 'org_acme', '--reveal'];
  const token = `prn_live_${'a'.repeat(55)}`;

  it.each([
    ['a token in the place of a command', [token], '[redacted]'],
    ['a token in the place of an option', [`--${token}`], '[redacted]'],
    ['a misspelt command', ['lst'], "unknown command 'lst' (Did you mean list?)\n"],
    ['a token to identify', ['identify', token], 'too many arguments'],
    ['a time without its zone', [...create, '--expires', '2026-01-31T09:30'], 'Write a time'],
    ['a date that is none', [...create, '--expires', '2026-13-01'], 'Write a time'],
    ['a duration without a unit', ['rotate', 'key_1', '--grace', '90'], 'Write a duration'],
    ['metadata that is a list', [...create, '--metadata', '[]'], 'Write a JSON object'],
    ['a state that there is not', [...LIST, '--state', 'gone'], 'Allowed choices'],
    ['a page of none', [...LIST, '--limit', '0'], 'Write a whole number'],
    ['every page from the middle', [...LIST, '--all', '--cursor', 'a'], 'cannot be used with'],
    ['no ids to revoke', ['revoke'], 'Pass the ids'],
    ['all keys of nobody', ['revoke', '--all'], '--owner'],
    ['a head of another form', ['verify-activity', '--owner', 'a', '--expected-head', 'x'], '12:'],
    ['a port that there is not', ['demo', '--port', '70000'], 'Write a port'],
    ['a file that is not there', LIST, 'keywright migrate'],
  ])('are refused with %s', async (_what, args, says) => {
    const told = await refusal(args, { env });
    expect(told).toContain(says);
    expect(told).not.toContain(token);
  });

  it('are asked for by the help where there are none', async () => {
    const { code, stderr } = await site.inPipe([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: keywright');
  });

  it('make an error a line of JSON', async () => {
    const { code, stderr } = await site.inPipe(['list', '--json'], { env });
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'usage', message: "required option '--owner <id>' not specified" },
    });
  });
});
