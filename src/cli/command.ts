import { type Command, Option } from 'commander';
import type { ExitCode } from './errors.ts';
import type { CommonOptions } from './session.ts';
import { count } from './values.ts';

/** The parsed options and arguments of a command. */
interface Call<Options> {
  readonly options: Options & CommonOptions;
  readonly args: readonly string[];
}

/** Sets the exit code of the run. Default: 0. */
export type ExitWith = (code: ExitCode) => void;

/** The function that runs a command. */
type Action<Options> = (call: Call<Options>) => Promise<void>;

/** Adds one command to the program. Each module under `commands/` exports one. */
export type Register = (program: Command, exitWith: ExitWith) => void;

/** Adds a subcommand. Its action receives the parsed options of the command and of the program. */
export function addCommand<Options>(
  program: Command,
  { name, summary, action }: { name: string; summary: string; action: Action<Options> },
): Command {
  const command = program.command(name).description(summary);
  return command.action(async () => {
    const options = command.optsWithGlobals<Options & CommonOptions>();
    await action({ options, args: command.args });
  });
}

/** Adds `--actor` and `--reason`. */
export function addByOptions(command: Command): Command {
  return command
    .option('--actor <id>', 'who makes the change, for the activity log')
    .option('--reason <text>', 'why, for the activity log');
}

/** Adds `--limit`, `--cursor` and `--all`. */
export function addPageOptions(command: Command): Command {
  return command
    .option('--limit <n>', 'items of the page, 1 to 100', count, 50)
    .option('--cursor <text>', 'where the page begins: the cursor of the previous page')
    .addOption(new Option('--all', 'every page').conflicts('cursor'));
}
