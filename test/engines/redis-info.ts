import { commandTo } from '../servers/redis-cluster.ts';

/** Resolves once a section of a server's `INFO` says so. */
export async function untilInfo(
  { port }: { readonly port: number },
  section: string,
  said: RegExp,
): Promise<void> {
  const server = { url: `redis://127.0.0.1:${port}` };
  // A server that is promoted closes its connections.
  const info = () => commandTo(server, 'INFO', section).catch(() => '');
  while (!said.test(String(await info()))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
