import { runFigures } from '../bench/runner.ts';
import { ensureBuilt } from '../built.ts';
import { removeGround, setGround } from '../faults/ground.ts';
import type { SetupFigure } from './setup.ts';
import { tableOf } from './table.ts';

// `keywright` is the package's own name: Node resolves it to the build in `dist`, which users run.
ensureBuilt();
const ground = setGround();
try {
  process.exitCode = await runFigures(
    new URL('./engines.ts', import.meta.url).href,
    process.argv.slice(2),
    {
      command: 'test:engines',
      strict: true,
      parallel: 2, // runs mostly wait, and count faults
      timeoutMs: 3 * 60_000,
      isDefault: (figure) => !(figure as SetupFigure).isNightly,
      tableOf,
    },
  );
} finally {
  removeGround(ground);
}
