import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MODEL = fileURLToPath(new URL('./fleet.pml', import.meta.url));
/** Megabytes for one search. Two run at once. */
const MEMORY_MB = 3500;
const COMPILE = ['-O1', '-w', '-DSAFETY', '-DCOLLAPSE', `-DMEMLIM=${MEMORY_MB}`];

const run = promisify(execFile);
const MAX_BUFFER = 64 * 1024 * 1024;

export interface Search {
  readonly states: number;
  /** The first violation, if there is one: the assertion and the steps that lead to it. */
  readonly violation: { readonly assertion: string; readonly steps: number } | undefined;
}

/**
 * Compiles the model with the given switches and searches all of its states, or until the first
 * violation.
 *
 * @param traced whether the steps to a violation are printed to standard error
 * @throws Error if Spin or a C compiler is missing, or if the search was not exhaustive
 */
export async function search(defines: readonly string[], traced: boolean): Promise<Search> {
  const cwd = await mkdtemp(join(tmpdir(), 'keywright-model-'));
  const at = { cwd, maxBuffer: MAX_BUFFER };
  try {
    const flags = defines.map((define) => `-D${define}`);
    await installed('spin', [...flags, '-a', MODEL], at);
    await installed('gcc', [...COMPILE, '-o', 'pan', 'pan.c'], at);
    const { stdout } = await run(join(cwd, 'pan'), ['-m100000', '-w22'], at);
    const result = read(stdout);
    if (traced && result.violation !== undefined) {
      const trail = ['-t', '-k', 'fleet.pml.trail', '-p'];
      process.stderr.write((await run('spin', [...flags, ...trail, MODEL], at)).stdout);
    }
    return result;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

async function installed(program: string, args: string[], at: { cwd: string }): Promise<void> {
  await run(program, args, at).catch((error: NodeJS.ErrnoException & { stdout?: string }) => {
    if (error.code === 'ENOENT')
      throw new Error(`${program} is not installed: apt-get install spin gcc`);
    throw new Error(`${program}: ${error.stdout}${error.message}`);
  });
}

/** Reads what the verifier prints at its end. */
function read(output: string): Search {
  const states = /(\d+(?:\.\d+e\+\d+)?) states, stored/.exec(output)?.[1];
  const errors = /errors: (\d+)/.exec(output)?.[1];
  if (states === undefined || errors === undefined) throw new Error(`no result: ${output}`);
  const violated = /assertion violated (.+) \(at depth (\d+)\)/.exec(output);
  if (violated) {
    const [, assertion = '', steps] = violated;
    return { states: Number(states), violation: { assertion, steps: Number(steps) } };
  }
  if (errors !== '0' || /max search depth too small|out of memory|memory limit/i.test(output))
    throw new Error(`the search was not exhaustive: ${output}`);
  return { states: Number(states), violation: undefined };
}
