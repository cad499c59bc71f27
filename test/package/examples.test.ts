import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The tests of a service, as its own team would run them, on the built package. */
const folder = fileURLToPath(new URL('../../docs/examples/testing/', import.meta.url));
const jest = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url));

/** The text of a run, both streams, from a process without the variables of this test runner. */
function run(...args: string[]): string {
  const { NODE_OPTIONS: _, VITEST: __, NODE_TEST_CONTEXT: ___, ...env } = process.env;
  const command = [process.execPath, ...args].map((part) => `'${part}'`).join(' ');
  return execFileSync('sh', ['-c', `${command} 2>&1`], { cwd: folder, encoding: 'utf8', env });
}

it('pass with node:test', () => {
  const output = run('--test', '--test-reporter=tap', 'orders.node-test.ts');
  expect(output).toContain('# pass 5');
  expect(output).toContain('# fail 0');
});

it('pass with Jest', () => {
  expect(run(jest, '--config', 'jest.config.cjs')).toContain('5 passed, 5 total');
});
