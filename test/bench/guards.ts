import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atLeast, type Figure, type Measurement } from './figure.ts';
import { openLoad } from './guards-load.ts';
import { rateRatio } from './measure.ts';

/** Requests in a batch: a few tenths of a second. */
const BATCH = 4_000;

/** What a server tells of itself. */
interface Told {
  readonly port: number;
  readonly tokens: readonly string[];
}

type Kind = 'bare' | 'guarded' | 'cached' | 'least' | 'peer';

async function serve(framework: string, kind: Kind, address: string) {
  const program = fileURLToPath(new URL('./guards-server.ts', import.meta.url));
  const child: ChildProcess = fork(program, [framework, kind, address], {
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    execArgv: [],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [told] = (await Promise.race([once(child, 'message'), ended(child)])) as [Told];
  return { child, ...told };
}

async function ended(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`a server ended early with code ${code}`);
}

/**
 * How many of the requests a second of the one server the other answers.
 *
 * @param address of a PostgreSQL database with the tables, for a server that is `cached`
 */
export async function compareServers(
  framework: string,
  subjectKind: Kind,
  baselineKind: Kind,
  address = '',
): Promise<Measurement> {
  const subject = await serve(framework, subjectKind, address);
  const baseline = await serve(framework, baselineKind, address);
  const requests = (tokens: readonly string[]) =>
    tokens.map((token) => `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  // Where the baseline knows no tokens, it is sent the same requests.
  const known = baseline.tokens.length > 0 ? baseline.tokens : subject.tokens;
  const loads = {
    subject: await openLoad(subject.port, requests(subject.tokens)),
    baseline: await openLoad(baseline.port, requests(known)),
  };
  try {
    return await rateRatio(
      {
        subject: () => loads.subject.run(BATCH),
        baseline: () => loads.baseline.run(BATCH),
      },
      { warmUp: 10, pairs: 40 },
    );
  } finally {
    loads.subject.close();
    loads.baseline.close();
    subject.child.disconnect();
    baseline.child.disconnect();
  }
}

const BARS = { fastify: 0.9, hono: 0.85, node: 0.85, express: 0.9, koa: 0.85 };

const NAMES: Readonly<Record<keyof typeof BARS, string>> = {
  fastify: 'Fastify',
  hono: 'Hono on Node',
  node: 'node:http',
  express: 'Express',
  koa: 'Koa',
};

const guards: readonly Figure[] = Object.entries(NAMES).map(([framework, name]) => ({
  id: `guard.${framework}`,
  title: `requests a second of ${name} with the guard, 10,000 keys, against ${name} bare`,
  unit: '×',
  bar: atLeast(BARS[framework as keyof typeof BARS]),
  measure: () => compareServers(framework, 'guarded', 'bare'),
}));

/** What no guard can do better than: the bars have no meaning where this is below them. */
const least: Figure = {
  id: 'guard.node.least',
  title:
    'the same of node:http with a digest, a look-up and a comparison in the place of the guard',
  unit: '×',
  measure: () => compareServers('node', 'least', 'bare'),
};

/** What the guard adds to the least that any verification of many keys does. */
const overLeast: Figure = {
  id: 'guard.node.over-least',
  title:
    'requests a second of node:http with the guard, against a digest, a look-up and a comparison',
  unit: '×',
  bar: atLeast(0.95),
  measure: () => compareServers('node', 'guarded', 'least'),
};

export const figures: readonly Figure[] = [...guards, least, overLeast];
