import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { memoryStore } from 'keywright';
import { demoSession } from './accounts.ts';
import { curlLines } from './curl-lines.ts';
import { proonKeys } from './keys.ts';
import { createSamples } from './samples.ts';
import { proonService } from './service.ts';

const session = randomUUID();
const keys = proonKeys(memoryStore());
const samples = await createSamples(keys);
const server = proonService(keys, demoSession(session));

server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `${error.message}: set PORT to another` : error);
  process.exitCode = 1;
});
server.listen(Number(process.env.PORT ?? 8787), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Proon listens on http://127.0.0.1:${port}\n`);
  console.log(`The first key, shown this once:\n\n  ${samples.first.token}\n`);
  console.log('Try, in this order:\n');
  for (const { says, line, status } of curlLines(`http://127.0.0.1:${port}`, session, samples)) {
    console.log(`# ${says}: ${status}\n${line}\n`);
  }
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
    void keys.close();
  });
}
