import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atMost, type Figure } from './figure.ts';
import { medianOf } from './measure.ts';

const PAIRS = 40;

const PROGRAM = `
  const start = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - start);
`;

/** Milliseconds that a process which has imported nothing yet takes to import the module. */
function importMs(address: string): number {
  const args = ['--input-type=module', '--eval', PROGRAM, address];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

export const figures: readonly Figure[] = [
  {
    id: 'import-time',
    title: 'import of the core, beyond that of an empty module',
    unit: ' ms',
    bar: atMost(5),
    measure() {
      const folder = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
      try {
        const empty = join(folder, 'empty.mjs');
        writeFileSync(empty, '');
        const baseline = pathToFileURL(empty).href;
        const subject = import.meta.resolve('keywright');
        const differences: number[] = [];
        for (let i = 0; i < PAIRS; i++) {
          const [first, second] = i % 2 === 0 ? [baseline, subject] : [subject, baseline];
          const difference = -importMs(first) + importMs(second);
          differences.push(i % 2 === 0 ? difference : -difference);
        }
        return medianOf(differences);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
];
