import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Runs Vitest on the given test files in a folder of their own. */
function run(files: Record<string, string>): {
  lastLine: string | undefined;
  status: number | null;
} {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-reporter-'));
  const reporters = ['default', resolve('test/reporter.ts')];
  const config = { test: { globals: true, reporters } };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
}

const passing = "test('passes', () => {});\n";

describe('the last line of a run', () => {
  it('counts tests that passed', () => {
    const files = { 'a.test.js': passing, 'b.test.js': passing };
    expect(run(files)).toEqual({ lastLine: '2 passed, 0 failed', status: 0 });
  });

  it('counts tests that failed, were skipped or are still to be written', () => {
    const text = `${passing}
      test('fails', () => { throw new Error('as it should') });
      test.skip('is skipped', () => {});
      test.todo('is to be written');`;
    expect(run({ 'a.test.js': text })).toEqual({
      lastLine: '1 passed, 1 failed, 2 skipped',
      status: 1,
    });
  });

  it('counts a file that cannot be loaded', () => {
    const files = { 'a.test.js': passing, 'b.test.js': "import './absent.js';" };
    expect(run(files)).toEqual({ lastLine: '1 passed, 1 failed', status: 1 });
  });

  it('counts a suite whose hook failed', () => {
    const hook = "afterAll(() => { throw new Error('as it should') });";
    const text = `describe('suite', () => { ${hook} ${passing} });`;
    expect(run({ 'a.test.js': text })).toEqual({ lastLine: '1 passed, 1 failed', status: 1 });
  });

  it('counts an error that no test caught', () => {
    const text = `${passing} const { promise, resolve } = Promise.withResolvers();
      setTimeout(() => { setImmediate(resolve); throw new Error('as it should'); });
      test('waits', () => promise);`;
    expect(run({ 'a.test.js': text })).toEqual({ lastLine: '2 passed, 1 failed', status: 1 });
  });

  it('counts a run without tests as failed', () => {
    expect(run({})).toEqual({ lastLine: '0 passed, 1 failed', status: 1 });
  });
});
