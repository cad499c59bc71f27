import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { ExitWith, Register } from './command.ts';
import { activity } from './commands/activity.ts';
import { create } from './commands/create.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { identify } from './commands/identify.ts';
import { importFile } from './commands/import.ts';
import { init } from './commands/init.ts';
import { list } from './commands/list.ts';
import { migrate } from './commands/migrate.ts';
import { revoke } from './commands/revoke.ts';
import { rotate } from './commands/rotate.ts';
import { verifyActivity } from './commands/verify-activity.ts';

/** In the order in which the help lists them. */
const COMMANDS: readonly Register[] = [
  init,
  migrate,
  create,
  list,
  identify,
  rotate,
  revoke,
  activity,
  verifyActivity,
  importFile,
  doctor,
  demo,
];

/**
 * Creates the program with all its commands.
 *
 * @param exitWith called with the exit code of a command that found a fault
 */
export function createProgram(exitWith: ExitWith): Command {
  const program = new Command('keywright')
    .description('Issues, lists, rotates and revokes the API keys of a service.')
    .version(version())
    .option('--config <file>', 'the configuration file (default: keywright.config.* here)')
    .option('--json', 'print JSON for programs')
    .configureHelp({ showGlobalOptions: true })
    // Every error is printed in one place, as text or as JSON.
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  for (const register of COMMANDS) register(program, exitWith);
  return program;
}

function version(): string {
  const manifest = fileURLToPath(import.meta.resolve('keywright/package.json'));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
