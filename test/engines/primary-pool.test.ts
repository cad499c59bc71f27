import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { primaryPool } from '../../docs/examples/failover/primary-pool.ts';
import { postgresProgram } from '../servers/postgres.ts';
import { childrenOf, signalAll } from '../servers/processes.ts';
import { synchronousPair } from './postgres-pair.ts';

describe.skipIf(postgresProgram() === undefined)('primaryPool', () => {
  it('does not return to an old primary while the new one hangs', async () => {
    await using resources = new AsyncDisposableStack();
    const { standby, url, standbyUrl } = await synchronousPair(resources);
    const pool = primaryPool({ servers: [url, standbyUrl], checkMs: 20 });
    resources.defer(() => pool.end());
    standby.promote();
    for (let port = 0; port !== standby.port; ) {
      await turn(); // idle connections alone would keep timers from running
      const client = await pool.connect();
      port = client.port;
      client.release();
    }
    const processes = [standby.pid, ...childrenOf(standby.pid)];
    signalAll(processes, 'SIGSTOP');
    resources.defer(() => signalAll(processes, 'SIGCONT'));
    let hasFound = true;
    while (hasFound) {
      await turn();
      const client = await pool.connect().catch((error: Error) => error);
      hasFound = !(client instanceof Error && /no server is a primary/.test(client.message));
      if (client instanceof Error) continue;
      expect(client.port).toBe(standby.port);
      client.release();
    }
  });
});
