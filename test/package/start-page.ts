import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { untilAnswered } from '../servers/until-answered.ts';

/** What a Start page asks its reader for, in the order of the page. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'command' | 'server'; readonly line: string };

/** A run of the commands of a page. */
export interface Walk {
  /** What the commands printed, in order. */
  readonly output: string;
  /** Stops the server that the page started. */
  stop(): Promise<void>;
}

/**
 * Reads the blocks of a page: files, whose first line is a comment with their path; commands, one a line
 * in `sh` blocks; and in `sh serve` the command for a second terminal.
 */
export function stepsOf(page: string): Step[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```([^\n]+)\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, info = '', text = '']): Step[] => {
    if (info === 'http') return []; // what the page expects
    if (info === 'sh' || info === 'sh serve') {
      const kind = info === 'sh' ? 'command' : 'server';
      return text
        .trimEnd()
        .split('\n')
        .map((line) => ({ kind, line }));
    }
    const [, path] = /^(?:\/\/|#) ([\w./-]+)\n/.exec(text) ?? [];
    if (path === undefined) throw new Error(`${page}: a block of ${info} names no file`);
    return [{ kind: 'file', path, text }];
  });
}

/**
 * Takes the steps in a folder: files are written, commands run in one shell, the server in a second one.
 * The package is installed from `tarball`, and port 3000 is `port`; nothing else is changed.
 */
export async function walk(
  steps: readonly Step[],
  folder: string,
  { tarball, port }: { tarball: string; port: number },
): Promise<Walk> {
  const ported = (text: string) => text.replaceAll('3000', String(port));
  for (const step of steps) {
    if (step.kind !== 'file') continue;
    mkdirSync(dirname(join(folder, step.path)), { recursive: true });
    writeFileSync(join(folder, step.path), ported(step.text));
  }
  const shell = openShell(folder);
  let server: ChildProcess | undefined;
  let served = '';
  const stop = async () => {
    if (server !== undefined) await endGroup(server);
    shell.close();
  };
  try {
    for (const step of steps) {
      if (step.kind === 'command') {
        await shell.run(ported(step.line).replace(/(npm install) keywright\b/, `$1 '${tarball}'`));
      } else if (step.kind === 'server') {
        server = spawn('bash', ['-c', ported(step.line)], {
          cwd: folder,
          env: { ...env, PORT: String(port) }, // for `next dev`, which names no port
          detached: true,
        });
        for (const stream of [server.stdout, server.stderr]) {
          stream?.setEncoding('utf8').on('data', (text: string) => {
            served += text;
          });
        }
        await untilAnswered(`http://localhost:${port}/`, server);
      }
    }
    return { output: shell.output(), stop };
  } catch (error) {
    await stop();
    throw new Error(`The server printed:\n${served}`, { cause: error });
  }
}

const { DATABASE_URL: _, NODE_OPTIONS: __, ...inherited } = process.env;
const ownFolder = dirname(process.execPath);
/** A reader's environment: no tool of this project in the path, only the Node that it runs on. */
const env = {
  ...inherited,
  PATH: `${ownFolder}:${(process.env.PATH ?? '')
    .split(':')
    .filter((it) => !it.includes('node_modules'))
    .join(':')}`,
  NODE_ENV: undefined,
  VITEST: undefined,
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  NEXT_TELEMETRY_DISABLED: '1',
  WRANGLER_SEND_METRICS: 'false',
};

/** A terminal: variables that one command sets are there for the next. */
function openShell(cwd: string) {
  const child = spawn('bash', [], { cwd, env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      child.emit('printed');
    });
  }
  let commands = 0;
  return {
    output: () => printed,
    close: () => child.kill(),
    async run(line: string): Promise<void> {
      commands++;
      child.stdin.write(`${line} </dev/null\necho "done-${commands}:$?"\n`);
      const end = new RegExp(`done-${commands}:(\\d+)`);
      while (!end.test(printed)) await once(child, 'printed');
      const [, status] = end.exec(printed) ?? [];
      if (status !== '0') throw new Error(`${line} ended with ${status}:\n${printed}`);
    },
  };
}

/** Ends a process and all that it has started. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
}
