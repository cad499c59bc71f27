import { CommanderError } from 'commander';
import { EXIT, type Failure, failureOf, messageOf } from './errors.ts';
import { note } from './output.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line.
 *
 * @param args the arguments after the program's name
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  // The reader of the output, such as `head`, may stop early.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
  });
  let code: number = EXIT.done;
  try {
    const program = createProgram((given) => {
      code = given;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, args.includes('--json'));
  }
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // Without a command, the help has been printed already.
    if (error.code === 'commander.help') return EXIT.usage;
  }
  const { exitCode, code, message } =
    error instanceof CommanderError ? usageFailure(error) : failureOf(error);
  note(json ? JSON.stringify({ error: { code, message } }) : `keywright: ${message}`);
  return exitCode;
}

function usageFailure(error: CommanderError): Failure {
  // The message repeats the wrong argument, which may be a token.
  const safe = messageOf(error)
    .replace(/\w{32,}/g, '[redacted]')
    .replace(/^error: /, '');
  return { exitCode: EXIT.usage, code: 'usage', message: safe };
}
