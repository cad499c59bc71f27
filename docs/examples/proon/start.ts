import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DemoSession } from './accounts.ts';
import { curlLines, keptLines } from './curl-lines.ts';
import { SIGN_IN } from './home.ts';
import { type ProonKeys, proonKeys } from './keys.ts';
import { createSamples, OWNER, type Samples } from './samples.ts';
import { proonSecondFactor } from './second-factor.ts';
import { proonService } from './service.ts';
import { proonSettings } from './settings.ts';
import type { OpenStore } from './store.ts';

/**
 * Serves ProoN on the loopback interface until SIGINT or SIGTERM, and prints what to try.
 *
 * @param port 0 for one that is free
 * @throws if the port is taken
 */
export async function startProon({ store, place, close }: OpenStore, port: number): Promise<void> {
  const keys = proonKeys(store);
  const server = createServer();
  try {
    const kept = await keys.list({ owner: OWNER });
    const samples = kept.items.length === 0 ? await createSamples(keys) : undefined;
    const base = await listen(server, port);
    const sessions = new DemoSession();
    const settings = proonSettings(keys, sessions, { base, stepUp: proonSecondFactor(store) });
    server.on('request', proonService(keys, sessions, settings));
    printWelcome({ base, place, sessions, samples });
    await stopSignal();
  } finally {
    await stop(server, keys);
    await close();
  }
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw error;
    throw new Error(`${message}: set PORT to another`);
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Welcome {
  readonly base: string;
  readonly place: string;
  readonly sessions: DemoSession;
  /** Absent where the keys of an earlier start are there. */
  readonly samples: Samples | undefined;
}

function printWelcome({ base, place, sessions, samples }: Welcome): void {
  console.log(`ProoN listens on ${base}; its keys are in ${place}\n`);
  console.log('Open the dashboard, signed in as Ada:\n');
  console.log(`  ${base}${SIGN_IN}?ticket=${sessions.ticket}\n`);
  if (samples === undefined) {
    console.log(
      'The keys of an earlier start are there. Their text was shown then, and is not kept.\n',
    );
  } else {
    console.log(`The first key, shown this once:\n\n  ${samples.first.token}\n`);
  }
  console.log('Or try by hand, in this order:\n');
  const lines =
    samples === undefined ? keptLines(base, sessions.id) : curlLines(base, sessions.id, samples);
  for (const { says, line, status } of lines) console.log(`# ${says}: ${status}\n${line}\n`);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function stop(server: Server, keys: ProonKeys): Promise<void> {
  server.close();
  server.closeAllConnections();
  await keys.close();
}
