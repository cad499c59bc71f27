import { open, unlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Secret } from 'keywright';
import { CliError, EXIT, messageOf, usageError } from './errors.ts';
import { note, print } from './output.ts';

/** The options that choose where a new token is written. */
export interface TokenOptions {
  readonly reveal?: boolean;
  readonly tokenFile?: string;
}

/** The destination of the token of a new key. */
export interface TokenSink {
  /** Whether the token is printed on standard output, which then contains nothing else. */
  readonly printed: boolean;
  /** Writes the token. */
  write(secret: Secret, keyId: string): Promise<void>;
  /** Removes the file if no key was created. */
  discard(): Promise<void>;
}

/**
 * Opens the destination of a token before its key is created: a token that cannot be written is lost.
 *
 * @throws CliError unless one of the options is set, or if the file exists or cannot be created
 */
export async function openSink({ reveal, tokenFile }: TokenOptions): Promise<TokenSink> {
  if ((reveal === true) === (tokenFile !== undefined)) {
    throw usageError(
      'The token is shown once: use --reveal to print it, or --token-file <path> to write it to a file',
    );
  }
  if (tokenFile === undefined) {
    return {
      printed: true,
      write: async (secret) => print(secret.reveal()),
      discard: async () => {},
    };
  }
  const file = await open(tokenFile, 'wx', 0o600).catch((error: unknown) => {
    throw usageError(`${tokenFile} cannot be created: ${messageOf(error)}`, error);
  });
  return {
    printed: false,
    async write(secret, keyId) {
      try {
        await file.writeFile(`${secret.reveal()}\n`);
      } catch (error) {
        const message = `The token of ${keyId} is lost, revoke that key: ${messageOf(error)}`;
        throw new CliError(EXIT.failed, 'failed', message);
      } finally {
        await file.close();
      }
    },
    async discard() {
      await file.close();
      await unlink(tokenFile);
    },
  };
}

/** More characters than any token has, so that a wrong file is not read to its end. */
const MAX_INPUT = 4096;

/** Reads a token from standard input; on a terminal, without showing it. */
export async function readToken(): Promise<string> {
  const text = process.stdin.isTTY ? await askForToken() : await readInput();
  const token = text.replace(/\r?\n$/, '');
  if (token === '') throw usageError('No token on standard input');
  return token;
}

async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_INPUT) throw usageError('Standard input holds more than one token');
  }
  return text;
}

function askForToken(): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write('Token, which is not shown: ');
  return new Promise((resolve) => {
    reader.once('line', (line) => {
      resolve(line);
      reader.close();
    });
    // Ctrl-C and Ctrl-D close it without a line.
    reader.once('close', () => {
      note('');
      resolve('');
    });
  });
}
