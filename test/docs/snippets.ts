import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A TypeScript block of a Markdown page. */
export interface Snippet {
  /** `README.md:12`, the line on which it begins. */
  readonly name: string;
  readonly code: string;
}

const ROOT = new URL('../../', import.meta.url);

export async function snippetsOf(page: string): Promise<Snippet[]> {
  const text = await readFile(new URL(page, ROOT), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    name: `${page}:${text.slice(0, match.index).split('\n').length + 1}`,
    code: match[1] as string,
  }));
}

/** A snippet as a process of its own. */
export interface Running {
  /** Where it listens, if it does: snippets say port 3000, and each is given a free one. */
  readonly base: string;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Resolves with the exit code once it has ended by itself. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a snippet, as a user would: a file that Node runs. */
export async function run(snippet: Snippet): Promise<Running> {
  // Inside the project, where the frameworks that snippets import are found.
  const folder = await mkdtemp(fileURLToPath(new URL('test/docs/.snippet-', ROOT)));
  const file = `${folder}/snippet.ts`;
  const port = await freePort();
  await writeFile(file, runnable(snippet.code.replaceAll('3000', String(port))));
  const preload = new URL('test/docs/resolve-keywright.ts', ROOT).href;
  const child = spawn(process.execPath, ['--import', preload, file], { stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    base: `http://localhost:${port}`,
    output: () => output,
    ended,
    async stop() {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Node takes types away, and leaves decorators as they are: those are compiled, as their users do. */
function runnable(code: string): string {
  if (!/^ *@[A-Z]\w+\(/m.test(code)) return code;
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      experimentalDecorators: true,
    },
  });
  return outputText;
}

/** Asks until the snippet's server answers. */
export async function ask(running: Running, path: string, init?: RequestInit): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetch(running.base + path, init);
    } catch (error) {
      if (attempt === 100)
        throw new Error(`no answer; it printed: ${running.output()}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** What comments behind `console.log` promise of the output, with `…` for anything. */
export function promisedOutput({ code }: Snippet): RegExp[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(
    ([, promised = '']) => new RegExp(promised.split('…').map(escapePattern).join('.*'), 's'),
  );
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
