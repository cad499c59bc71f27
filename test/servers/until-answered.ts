import type { ChildProcess } from 'node:child_process';

/** A server that has not answered by then has hung: a busy machine takes a tenth of it. */
const START_MS = 300_000;

/** Resolves once the server answers, whatever it says; rejects if it ends or hangs. */
export async function untilAnswered(address: string, server: ChildProcess): Promise<void> {
  for (const end = performance.now() + START_MS; ; ) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    if (performance.now() > end) throw new Error('the server does not answer');
    // Leaves no idle connection behind: the server may close it just as the test sends on it.
    const headers = { connection: 'close' };
    const answer = await fetch(address, { headers }).catch(() => undefined);
    if (answer !== undefined) {
      await answer.text();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
