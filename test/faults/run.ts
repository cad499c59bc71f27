import { runFigures } from '../bench/runner.ts';
import { ensureBuilt } from '../built.ts';
import { removeGround, setGround } from './ground.ts';
import { setScale } from './scale.ts';

// `keywright` is the package's own name: Node resolves it to the build in `dist`, which users run.
ensureBuilt();
const ground = setGround();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    removeGround(ground);
    process.exit(1);
  });
}
try {
  process.exitCode = await runFigures(
    new URL('./faults.ts', import.meta.url).href,
    process.argv.slice(2),
    {
      command: 'test:faults',
      options: { scale: setScale },
      strict: true,
      timeoutMs: 25 * 60_000, // a thousand processes take four minutes where nothing else runs
    },
  );
} finally {
  removeGround(ground);
}
