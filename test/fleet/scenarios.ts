import { setTimeout as pause } from 'node:timers/promises';
import { generateToken } from 'keywright';
import { scaled } from '../faults/scale.ts';
import type { TcpProxy } from '../servers/tcp-proxy.ts';
import type { Part } from './engines.ts';
import type { Fleet } from './fleet.ts';
import { actor, format, type LiveKey } from './keys.ts';
import type { Traffic } from './traffic.ts';

/** What happens to a fleet in a run, beside requests and revocations. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** The part of the engine that it hurts; it does not run on one that lacks it. */
  readonly hurts?: Part;
  /** Wraps the way of the last server to the database. */
  readonly proxied?: boolean;
  readonly cache?: 'sabotaged';
  readonly leaseMs?: number;
  /** Whether a good key that is answered 503 counts as refused. */
  readonly counts503?: boolean;
  /** Resolves when the run is over; what it returns is noted beside the figure. */
  act(fleet: Fleet, traffic: Traffic, proxy: TcpProxy | undefined): Promise<string>;
}

const HOUR_MS = 3_600_000;

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'healthy',
    title: '500 requests a second, nothing else',
    act: async () => {
      await pause(scaled(15_000));
      return '';
    },
  },
  {
    id: 'listeners',
    hurts: 'push',
    title: 'connections that listen for changes are ended again and again',
    async act({ engine }) {
      let ended = 0;
      for (let i = 0; i < scaled(30); i++) {
        await pause(400);
        ended += await engine.endListeners();
      }
      return `${ended} connections ended`;
    },
  },
  {
    id: 'black-hole',
    hurts: 'push',
    title: 'one server hears of no change for 30 s, its connection open',
    proxied: true,
    async act(_fleet, _traffic, proxy) {
      await pause(1000);
      if (proxy === undefined) throw new Error('there is no proxy');
      proxy.isBlackHole = true;
      await pause(scaled(30_000));
      proxy.isBlackHole = false;
      await pause(1000);
      return `${proxy.swallowed} messages swallowed`;
    },
  },
  {
    id: 'stopped',
    title: 'one server is stopped for 10 s and continued',
    async act({ servers, doomed }, traffic) {
      const [server] = servers;
      await pause(1500);
      server?.signal('SIGSTOP');
      await pause(scaled(10_000));
      traffic.presentRevoked(doomed); // lie in its socket until it is continued
      server?.signal('SIGCONT');
      await pause(2000);
      return '';
    },
  },
  {
    id: 'wall-clock',
    title: 'wall clocks are stepped by an hour both ways',
    async act({ servers }, traffic) {
      for (let i = 0; i < scaled(8); i++) {
        for (const stepMs of [HOUR_MS, -HOUR_MS]) {
          await pause(500);
          await Promise.all(servers.map((server) => server.order({ stepMs })));
        }
      }
      return `${traffic.log.length} requests`;
    },
  },
  {
    id: 'restart',
    hurts: 'server',
    title: 'the database is killed and started again, twice',
    async act({ engine }) {
      for (let i = 0; i < 2; i++) {
        await pause(3000);
        await engine.kill();
        await pause(1500);
        await engine.start();
      }
      await pause(5000);
      return '';
    },
  },
  {
    id: 'outage',
    hurts: 'server',
    title: 'the database is dead for 25 s, with a lease of 30 s; 503 counts as refused',
    leaseMs: 30_000,
    counts503: true,
    async act({ engine, servers, good }, traffic) {
      // A record that is read while its shard changes is not kept, so the changes end first.
      traffic.stopRevoking();
      await pause(2000);
      for (const { token } of good) {
        await Promise.all(servers.map((server) => server.verify(token)));
      }
      await engine.kill();
      await pause(scaled(25_000));
      await engine.start();
      await pause(3000);
      return '';
    },
  },
  {
    id: 'flood',
    title: 'a flood of unknown, well-formed keys, 5,000 a second asked for',
    async act(_fleet, traffic) {
      const unknown = Array.from({ length: 20_000 }, (_, i): LiveKey => {
        return { id: `unknown_${i}`, token: generateToken(format, 'live') };
      });
      for (const { id } of unknown) traffic.revocations.set(id, { begin: 0 });
      const before = traffic.log.length;
      const begin = performance.now();
      const flood = traffic.send(unknown, 5000);
      await pause(scaled(10_000));
      const aSecond = (traffic.log.length - before) / ((performance.now() - begin) / 1000);
      flood.catch(() => {});
      return `${Math.round(aSecond)} requests a second were answered`;
    },
  },
  {
    id: 'busy-tenant',
    title: 'one tenant makes 50 updates a second',
    async act({ manager, servers, good }) {
      const before = await countsOf(servers);
      const [key] = good as [LiveKey];
      let updates = 0;
      for (let i = 0; i < scaled(12); i++) {
        const second = pause(1000);
        const made = Array.from({ length: 50 }, async (_, j) => {
          await pause(j * 20);
          const metadata = { plan: `${i}.${j}` };
          await manager.update(key.id, { metadata }, { actor, wait: 'commit' });
          updates++;
        });
        await Promise.all([second, ...made]);
      }
      const after = await countsOf(servers);
      const hits = after.hits - before.hits;
      const ratio = hits / (hits + after.misses - before.misses);
      return `${updates} updates; hit ratio of all requests ${ratio.toFixed(3)}`;
    },
  },
];

/** Shows that the checker finds what it is there for. */
export const PLANTED: Scenario = {
  id: 'planted',
  title: 'servers that keep every record for ever',
  cache: 'sabotaged',
  act: async () => {
    await pause(3000);
    return '';
  },
};

async function countsOf(servers: Fleet['servers']) {
  const reports = await Promise.all(servers.map((server) => server.order({ report: true })));
  return {
    hits: reports.reduce((sum, { hits }) => sum + hits, 0),
    misses: reports.reduce((sum, { misses }) => sum + misses, 0),
  };
}
