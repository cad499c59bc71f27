import { plain } from './output.ts';

/** The exit codes; `docs/guide/cli.md` lists them. */
export const EXIT = {
  done: 0,
  /** The store failed, or something unexpected happened. */
  failed: 1,
  /** A command, option, argument or the configuration is wrong. */
  usage: 2,
  /** No key has that id or token. */
  notFound: 3,
  /** The state of the key forbids the change. */
  refused: 4,
  /** `doctor` or `verify-activity` found a fault, or `import` rows that it did not import. */
  faulty: 5,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error with the text to print and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly code: string;

  constructor(exitCode: ExitCode, code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** The error for a wrong command line or configuration. */
export function usageError(message: string, cause?: unknown): CliError {
  return new CliError(EXIT.usage, 'usage', message, cause);
}

/** What a failed run prints, and its exit code. */
export interface Failure {
  readonly exitCode: ExitCode;
  /** A stable word: the library's `code`, `usage`, or `failed`. */
  readonly code: string;
  readonly message: string;
}

const EXIT_OF_CODE: Readonly<Record<string, ExitCode>> = {
  invalid_argument: EXIT.usage,
  key_not_found: EXIT.notFound,
  key_revoked: EXIT.refused,
  key_expired: EXIT.refused,
  key_replaced: EXIT.refused,
  digest_taken: EXIT.refused,
};

export function failureOf(error: unknown): Failure {
  const message = messageOf(error);
  if (error instanceof CliError) return { exitCode: error.exitCode, code: error.code, message };
  // Compare the name: a configuration file may have loaded another copy of the package.
  if (!(error instanceof Error && error.name === 'KeywrightError' && 'code' in error)) {
    return { exitCode: EXIT.failed, code: 'failed', message };
  }
  const code = String(error.code);
  return { exitCode: EXIT_OF_CODE[code] ?? EXIT.failed, code, message };
}

/** The messages of an error and its causes, in one line. A driver's message says what to fix. */
export function messageOf(error: unknown): string {
  return plain(joinLines(textOf(error)));
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  // A host with several IP addresses fails with one error for each, and no message of its own.
  const parts = message === '' && error instanceof AggregateError ? error.errors : [];
  const text = message === '' ? parts.map(textOf).join('; ') || error.name : message;
  const reason = cause === undefined ? '' : textOf(cause);
  return reason === '' || text.includes(reason) ? text : `${text}: ${reason}`;
}

function joinLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
