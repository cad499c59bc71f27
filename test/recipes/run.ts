import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, collect } from '../runtimes/collect.ts';
import { buildApp, makeApp, nameOf } from './app.ts';
import type { Callers } from './callers.ts';
import { appChecks } from './checks.ts';
import { install } from './install.ts';
import type { Recipe } from './recipe.ts';
import { recipes } from './recipes.ts';
import { type Server, start } from './server.ts';

/** What is printed of how long a part took. */
async function timed<Result>(part: string, run: () => Result | Promise<Result>): Promise<Result> {
  const before = performance.now();
  const result = await run();
  console.log(`${part}: ${((performance.now() - before) / 1000).toFixed(1)} s`);
  return result;
}

/** Builds the app of a recipe, serves it, and asks it. */
async function tryOut(recipe: Recipe, callers: Callers): Promise<Counts> {
  const servers: Server[] = [];
  const environment = {
    ...callers.environment,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
  };
  const serve = async (command: readonly string[], folder: string, more = {}) => {
    const server = await start(command, folder, { ...environment, ...more });
    servers.push(server);
    return server.origin;
  };
  try {
    const folder = await makeApp(recipe);
    await timed(`${recipe.name}, types and build`, () => buildApp(recipe, folder, environment));
    const origin = await serve(recipe.start, folder);
    const joinedOrigin = await serve(['./joined.ts'], folder, {
      ASTRO_NODE_AUTOSTART: 'disabled',
    });
    const stage = { recipe, callers, origin, joinedOrigin };
    return await timed(`${recipe.name}, checks`, () =>
      collect((runner) => appChecks(runner, stage)),
    );
  } catch (error) {
    console.log(`failed: ${recipe.name}\n${(error as Error).stack ?? String(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

const total: Counts = { passed: 0, failed: 0 };
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'keywright-recipes-'));
try {
  await timed('install', install);
  // Of the package that has just been installed.
  const { makeCallers } = await import('./callers.ts');
  const callers = await makeCallers(join(folder, 'keys.db'));
  for (const recipe of recipes) {
    if (wanted.length > 0 && !wanted.includes(nameOf(recipe))) continue;
    const { passed, failed } = await tryOut(recipe, callers);
    console.log(`${recipe.name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
