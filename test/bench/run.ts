import { ensureBuilt } from '../built.ts';
import { runFigures } from './runner.ts';

// `keywright` is the package's own name: Node resolves it to the build in `dist`, which users run.
ensureBuilt();
process.exitCode = await runFigures(
  new URL('./benchmarks.ts', import.meta.url).href,
  process.argv.slice(2),
  { command: 'bench' },
);
