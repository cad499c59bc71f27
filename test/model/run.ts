import { runFigures } from '../bench/runner.ts';

process.exitCode = await runFigures(
  new URL('./figures.ts', import.meta.url).href,
  process.argv.slice(2),
  { command: 'test:model', strict: true, timeoutMs: 20 * 60_000, parallel: 2 },
);
