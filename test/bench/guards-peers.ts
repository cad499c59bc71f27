import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atLeast, type Figure, type Measurement } from './figure.ts';
import { compareServers } from './guards.ts';
import { createKeys, emptyService } from './keys.ts';
import { rateRatio } from './measure.ts';

const PEERS = new URL('./peers/', import.meta.url);

/** Peers are no dependencies of the project: they are installed when they are first compared with. */
function installPeers(): void {
  if (existsSync(new URL('node_modules/', PEERS))) return;
  const options = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
  try {
    execFileSync('npm', ['install', ...options], {
      cwd: fileURLToPath(PEERS),
      stdio: ['ignore', process.stderr, process.stderr],
      timeout: 5 * 60_000,
    });
  } catch (cause) {
    throw new Error('the peers could not be installed', { cause });
  }
}

async function importPeer<Module>(file: string): Promise<Module> {
  installPeers();
  return (await import(new URL(file, PEERS).href)) as Module;
}

/** A way through the tokens, over and over. */
function cycle(tokens: readonly string[]): () => string {
  let next = 0;
  return () => tokens[next++ % tokens.length] ?? '';
}

/** A service of as many keys, and a batch that verifies so many tokens of theirs. */
async function ownBatch(count: number, verifications: number) {
  const keys = emptyService();
  const tokens: string[] = [];
  await createKeys(keys, { count, perOwner: 10 }, (token) => tokens.push(token));
  const next = cycle(tokens);
  return async () => {
    for (let i = 0; i < verifications; i++) {
      if (!(await keys.verify(next())).ok) throw new Error('a key was refused');
    }
  };
}

interface BetterAuth {
  openBetterAuth(count: number): Promise<{
    readonly tokens: readonly string[];
    verify(token: string): Promise<boolean>;
  }>;
}

async function measureBetterAuth(): Promise<Measurement> {
  const { openBetterAuth } = await importPeer<BetterAuth>('better-auth.mjs');
  const peer = await openBetterAuth(100);
  const next = cycle(peer.tokens);
  const baseline = async () => {
    for (let i = 0; i < 100; i++) {
      if (!(await peer.verify(next()))) throw new Error('the peer refused a key');
    }
  };
  // A hundred times as many, so that both sides take long enough to be timed.
  const subject = await ownBatch(100, 10_000);
  const { value, quartiles } = await rateRatio({ subject, baseline }, { warmUp: 5, pairs: 30 });
  const scaled = quartiles && ([quartiles[0] * 100, quartiles[1] * 100] as const);
  return { value: value * 100, ...(scaled && { quartiles: scaled }) };
}

interface PrefixedApiKey {
  openPrefixedApiKey(count: number): Promise<{
    readonly tokens: readonly string[];
    check(token: string): boolean;
  }>;
}

async function measurePrefixedApiKey(): Promise<Measurement> {
  const { openPrefixedApiKey } = await importPeer<PrefixedApiKey>('prefixed-api-key.mjs');
  const peer = await openPrefixedApiKey(100);
  const next = cycle(peer.tokens);
  const baseline = () => {
    for (let i = 0; i < 20_000; i++) {
      if (!peer.check(next())) throw new Error('the peer refused a key');
    }
  };
  return rateRatio({ subject: await ownBatch(100, 20_000), baseline }, { warmUp: 10, pairs: 60 });
}

export const figures: readonly Figure[] = [
  {
    id: 'peer.fastify-bearer-auth',
    title: 'requests a second of Fastify, 10,000 keys, against @fastify/bearer-auth with one',
    unit: '×',
    bar: atLeast(0.97),
    measure: () => {
      installPeers();
      return compareServers('fastify', 'guarded', 'peer');
    },
  },
  {
    id: 'peer.hono-bearer-auth',
    title:
      'requests a second of Hono on Node, 10,000 keys, against hono/bearer-auth with one token',
    unit: '×',
    bar: atLeast(2),
    measure: () => compareServers('hono', 'guarded', 'peer'),
  },
  {
    id: 'peer.better-auth',
    title: 'verify against @better-auth/api-key on its memory adapter, 100 keys',
    unit: '×',
    bar: atLeast(100),
    measure: measureBetterAuth,
  },
  {
    id: 'peer.prefixed-api-key',
    title: 'verify, 100 keys, against checkAPIKey of prefixed-api-key',
    unit: '×',
    bar: atLeast(1.5),
    measure: measurePrefixedApiKey,
  },
];
