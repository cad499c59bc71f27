import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { collectChecks } from './fixtures/collecting-runner.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/node-test.ts', import.meta.url));

describe('the suite under node:test', () => {
  it('runs every check, and each passes', () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', FIXTURE],
      { encoding: 'utf8', timeout: 60_000 },
    );
    const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1]);
    const checks = collectChecks(() => ({ store: memoryStore() })).size;
    const failed = stdout.split('\n').filter((line) => /^\s*not ok/.test(line));
    expect(failed).toEqual([]);
    expect(count('tests')).toBe(checks);
    expect(count('pass')).toBe(checks);
    expect(status).toBe(0);
  });
});
