import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { type ApiKeys, createApiKeys, tokenFormat } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';

const ROOT = new URL('../../', import.meta.url);
/** The command as its users have it, or its sources. */
const MAIN = process.env.KEYWRIGHT_DIST === '1' ? 'dist/cli/main.js' : 'src/cli/main.ts';
const PROGRAM = [
  '--import',
  new URL('test/docs/resolve-keywright.ts', ROOT).href,
  fileURLToPath(new URL(MAIN, ROOT)),
];

/** What a run of the command left. */
export interface Outcome {
  readonly code: number | null;
  /** In a terminal, both streams as they were shown. */
  readonly stdout: string;
  /** Empty in a terminal. */
  readonly stderr: string;
}

/** What a run gets beside its arguments. */
export interface RunOptions {
  /** Typed, or piped, into standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** In a terminal: what must have been shown before the input is typed. */
  readonly typedAfter?: string;
}

/** A folder to run the command in, and both ways to run it. */
export interface Site {
  readonly folder: string;
  inPipe(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  inTerminal(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** A run that serves until it is stopped. */
  start(args: readonly string[], terminal: boolean): Served;
  remove(): Promise<void>;
}

/** A command that serves. */
interface Served {
  /** Resolves once the output holds the text, and rejects if the command ends before. */
  shown(text: string): Promise<string>;
  /** Sends Ctrl-C, or SIGINT where there is no terminal. */
  interrupt(): Promise<number | null>;
}

/** A site with a configuration and a migrated database, and a service on that. */
export interface ServedSite {
  readonly site: Site;
  readonly keys: ApiKeys;
  close(): Promise<void>;
}

/** @param run how `init` and `migrate` are run; default in a pipe */
export async function createServedSite(
  run: (site: Site, args: readonly string[]) => Promise<Outcome> = (site, args) =>
    site.inPipe(args),
): Promise<ServedSite> {
  const site = await createSite();
  for (const args of [['init', '--brand', 'prn', '--environments', 'live,test'], ['migrate']]) {
    const { code, stdout, stderr } = await run(site, args);
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${stdout}${stderr}`);
  }
  const database = new DatabaseSync(join(site.folder, 'keywright.db'), { timeout: 5000 });
  const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  const keys = createApiKeys({ format, store: sqliteStore(database), environments: ['live'] });
  return {
    site,
    keys,
    async close() {
      await keys.close();
      database.close();
      await site.remove();
    },
  };
}

export async function createSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'keywright-cli-'));
  const begin = (args: readonly string[], terminal: boolean, env = {}) =>
    terminal ? spawnInTerminal(folder, args, env) : spawnInPipe(folder, args, env);
  return {
    folder,
    inPipe: (args, options = {}) => finish(begin(args, false, options.env), options),
    inTerminal: (args, options = {}) => finish(begin(args, true, options.env), options),
    start: (args, terminal) => served(begin(args, terminal), terminal),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** An environment without what decides on colours and databases here: Node colours less where `CI` is set. */
function cleanEnvironment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:CI|NO_COLOR|FORCE_COLOR|DATABASE_URL|NODE_OPTIONS|PORT|KEYWRIGHT_(?!DIST).*)$/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(kept), TERM: 'xterm-256color', ...env };
}

function spawnInPipe(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [...PROGRAM, ...args], { cwd, env: cleanEnvironment(env) });
}

/** In a pseudo-terminal that `script` of util-linux makes. */
function spawnInTerminal(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const quoted = [process.execPath, ...PROGRAM, ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  // `exec`, so that the signal of Ctrl-C reaches the command itself.
  const script = ['-q', '-e', '-c', `exec ${quoted.join(' ')}`, '/dev/null'];
  return spawn('script', script, { cwd, env: cleanEnvironment(env) });
}

async function finish(child: ChildProcess, options: RunOptions): Promise<Outcome> {
  const output = collect(child);
  const { input, typedAfter } = options;
  const ended = once(child, 'close');
  if (typedAfter !== undefined) await output.shown(typedAfter);
  // `script` hangs up on its command when its own input ends, so that stays open.
  if (typedAfter !== undefined) child.stdin?.write(input ?? '');
  else if (child.spawnfile !== 'script') child.stdin?.end(input ?? '');
  const [code] = await ended;
  return { code, stdout: output.stdout(), stderr: output.stderr() };
}

function collect(child: ChildProcess) {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text.replaceAll('\r\n', '\n');
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    async shown(text: string): Promise<string> {
      while (!stdout.includes(text)) {
        if (child.exitCode !== null) throw new Error(`it ended early: ${stdout}${stderr}`);
        await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
      }
      return stdout;
    },
  };
}

function served(child: ChildProcess, terminal: boolean): Served {
  const output = collect(child);
  const ended = once(child, 'close');
  return {
    shown: output.shown,
    async interrupt() {
      if (terminal) child.stdin?.write('\u0003');
      else child.kill('SIGINT');
      const [code] = await ended;
      return code;
    },
  };
}
