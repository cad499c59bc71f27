import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DemoSession } from './accounts.ts';
import { curlLines, keptLines } from './curl-lines.ts';
import { proonKeys } from './keys.ts';
import { createSamples, OWNER } from './samples.ts';
import { proonSecondFactor } from './second-factor.ts';
import { proonService, SIGN_IN } from './service.ts';
import { proonSettings } from './settings.ts';
import { openStore } from './store.ts';

const sessions = new DemoSession();
const { store, place, close } = await openStore(process.env.DATABASE_URL);
const keys = proonKeys(store);
const kept = await keys.list({ owner: OWNER });
const samples = kept.items.length === 0 ? await createSamples(keys) : undefined;
const server = createServer();

async function stop(): Promise<void> {
  server.close();
  server.closeAllConnections();
  await keys.close();
  await close();
}

server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `${error.message}: set PORT to another` : error);
  process.exitCode = 1;
  void stop();
});
server.listen(Number(process.env.PORT ?? 8787), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const settings = proonSettings(keys, sessions, { base, stepUp: proonSecondFactor(store) });
  server.on('request', proonService(keys, sessions, settings));
  console.log(`Proon listens on ${base}; its keys are in ${place}\n`);
  console.log('Open the dashboard, signed in as Ada; the link is good once:\n');
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
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
