import { runFigures } from '../../bench/runner.ts';
import { setSeeds } from './seeds.ts';

process.exitCode = await runFigures(
  new URL('./list.ts', import.meta.url).href,
  process.argv.slice(2),
  {
    command: 'test:simulation',
    options: { seeds: setSeeds },
    strict: true,
    timeoutMs: 100 * 60_000, // a hundred thousand seeds
  },
);
