import { runFigures } from '../bench/runner.ts';
import { ensureBuilt } from '../built.ts';
import { removeGround, setGround } from '../faults/ground.ts';
import { setScale } from '../faults/scale.ts';

// `keywright` is the package's own name: Node resolves it to the build in `dist`, which users run.
ensureBuilt();
const [list = 'fleet', ...args] = process.argv.slice(2);
const ground = setGround();
try {
  process.exitCode = await runFigures(new URL(`./lists/${list}.ts`, import.meta.url).href, args, {
    command: `test:${list}`,
    options: { scale: setScale },
    strict: true,
    timeoutMs: 30 * 60_000, // the attacker's million requests; every other run takes under two minutes
  });
} finally {
  removeGround(ground);
}
