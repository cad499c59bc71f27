import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { figureFiles } from './benchmarks.ts';

const runner = new URL('./runner.ts', import.meta.url);
const trivial = new URL('./trivial.ts', import.meta.url);

/** Runs the trivial benchmarks as `npm run bench` runs the real ones. */
function run(...args: string[]) {
  return runAs("{ command: 'bench' }", args);
}

/** @param report the source of a `Report` */
function runAs(report: string, args: readonly string[]) {
  const program = `
    import { runFigures } from ${JSON.stringify(runner)};
    process.exitCode = await runFigures(${JSON.stringify(trivial)}, process.argv.slice(1), ${report});
  `;
  const node = ['--input-type=module', '--eval', program, '--', ...args];
  return spawnSync(process.execPath, node, { encoding: 'utf8' });
}

describe('the report of the benchmarks', () => {
  it('is with --json one row a figure on standard output, and nothing else', () => {
    const { status, stdout } = run('--json');
    expect(JSON.parse(stdout)).toEqual([
      { id: 'trivial.holds', value: 2, bar: 2, holds: true },
      { id: 'trivial.misses', value: 2, bar: 1.5, holds: false },
      { id: 'trivial.free', value: 2, bar: null, holds: true },
      { id: 'broken.throws', value: null, bar: 1, holds: false },
      { id: 'broken.ends', value: null, bar: 1, holds: false },
      { id: 'broken.chats', value: 1, bar: 1, holds: true },
    ]);
    expect(status).toBe(0);
  });

  it('is a table otherwise, which says why a figure could not be measured', () => {
    const { status, stdout } = run();
    const [headings, ...lines] = stdout.trimEnd().split('\n');
    expect(headings).toMatch(/^figure +what +value +quartiles +bar$/);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^trivial\.holds +a trivial figure +2 +1 to 3 +≥ 2 +holds$/);
    expect(lines[1]).toMatch(/^trivial\.misses .* ≤ 1\.5 +misses$/);
    expect(lines[2]).toMatch(/^trivial\.free .* none$/);
    expect(lines[3]).toMatch(/^broken\.throws .* not measured +≥ 1 +no server$/);
    expect(lines[4]).toMatch(/^broken\.ends .* its process ended early with code 3$/);
    expect(status).toBe(0);
  });

  it('has the figures alone whose ids begin as asked', () => {
    const { stdout } = run('--json', 'trivial.m', 'broken.c');
    const ids = (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(['trivial.misses', 'broken.chats']);
  });

  it('is refused, with the ids there are, where none begins so or an option is unknown', () => {
    for (const args of [['--json', 'holds'], ['--jsn']]) {
      const { status, stdout, stderr } = run(...args);
      expect(stdout).toBe('');
      expect(stderr).toContain('trivial.holds\n');
      expect(status).toBe(2);
    }
  });
});

describe('a strict report', () => {
  const report = `{
    command: 'test:faults',
    strict: true,
    options: { scale: (value) => { if (!(value > 0)) throw new Error('no scale: ' + value); } },
  }`;

  it('fails where a figure does not hold, and prints it all the same', () => {
    expect(runAs(report, ['--json', 'trivial.h', '--scale', '0.5']).status).toBe(0);
    const { status, stdout } = runAs(report, ['--json', 'trivial']);
    expect(JSON.parse(stdout)).toHaveLength(3);
    expect(status).toBe(1);
  });

  it('refuses what an option of its own refuses, and names it', () => {
    const { status, stdout, stderr } = runAs(report, ['trivial', '--scale=x']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/no scale: x\nusage: npm run test:faults -- \[--json\] \[--scale …\]/);
  });
});

describe('the benchmarks', () => {
  it('have figures with ids of their own', async () => {
    const loaded = await Promise.all(figureFiles.map((load) => load()));
    const ids = loaded.flatMap(({ figures }) => figures.map(({ id }) => id));
    expect(ids.length).toBeGreaterThanOrEqual(figureFiles.length);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
