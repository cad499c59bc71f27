import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type ApiKeys, createApiKeys, generateToken, type KeyStore } from 'keywright';
import { apiKeyGuard } from 'keywright/node';
import { atMost, type Figure, type Measurement } from './figure.ts';
import { format } from './keys.ts';
import { medianOf } from './measure.ts';
import { makeKeys } from './store-rates.ts';
import { stores } from './timing-stores.ts';

/** Samples of each kind. */
const SAMPLES = 50_000;
const WARM_UP = 2000;

/** Tokens of each kind, so that no one place in memory speaks for all. */
const TOKENS = 200;

/** Connections, each with one request at a time: a held refusal alone would take a quarter of an hour. */
const CONNECTIONS = 16;

type Kinds = readonly [unknown: readonly string[], revoked: readonly string[]];
type Times = [number[], number[]];

/** Refused tokens among 10,000 keys: of keys that do not exist, and of revoked ones. */
async function refusedTokens(store: KeyStore, refusalMs: number) {
  const keys = createApiKeys({ format, store, environments: ['live'], refusalMs });
  const tokens = await makeKeys(keys, 10_000);
  const revoked = tokens.slice(0, TOKENS);
  for (const token of revoked) await revoke(keys, token);
  const unknown = revoked.map(() => Buffer.from(generateToken(format, 'live')).toString('latin1'));
  return { keys, kinds: [unknown, revoked] as const };
}

async function revoke(keys: ApiKeys<'live' | 'test'>, token: string): Promise<void> {
  const result = await keys.verify(token);
  if (!result.ok) throw new Error(result.reason);
  await keys.revoke(result.principal.keyId, { actor: { id: 'user_1' } });
}

/** Which kind comes next: each one `SAMPLES` times, in an order drawn by chance. */
function* order(): Generator<0 | 1 | undefined> {
  const left: [number, number] = [SAMPLES, SAMPLES];
  for (let i = 0; i < WARM_UP; i++) yield undefined;
  while (left[0] + left[1] > 0) {
    const kind = Math.random() * (left[0] + left[1]) < left[0] ? 0 : 1;
    left[kind]--;
    yield kind;
  }
}

/**
 * Microseconds that each refusal took, by kind.
 *
 * @param clients each refuses a token after the other and resolves when it has been refused
 */
async function sample(
  kinds: Kinds,
  clients: readonly ((token: string) => Promise<unknown>)[],
): Promise<Times> {
  const times: Times = [[], []];
  const kindsInOrder = order();
  let next = 0;
  await Promise.all(
    clients.map(async (refuse) => {
      for (const kind of kindsInOrder) {
        const token = kinds[kind ?? 0][next++ % TOKENS] as string;
        const start = process.hrtime.bigint();
        await refuse(token);
        if (kind !== undefined) times[kind].push(Number(process.hrtime.bigint() - start) / 1000);
      }
    }),
  );
  return times;
}

/**
 * Welch's t of two samples. The slowest twentieth of all is left out: it is the machine's own
 * business, and would hide a difference in noise (Reparaz, Balasch, Verbauwhede, "Dude, is my code
 * constant time?", 2017, §3.2).
 */
function welch(a: readonly number[], b: readonly number[]): number {
  const sorted = [...a, ...b].toSorted((x, y) => x - y);
  const limit = sorted[Math.floor(sorted.length * 0.95)] as number;
  const [first, second] = [a, b].map((times) => moments(times.filter((time) => time <= limit)));
  if (first === undefined || second === undefined) return Number.NaN;
  return (first.mean - second.mean) / Math.sqrt(first.error + second.error);
}

function moments(times: readonly number[]): { mean: number; error: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return { mean, error: squares / (times.length - 1) / times.length };
}

/** One connection that stays open: writes a request, and resolves with the answer's end. */
function exchangeOver(socket: Socket): (token: string) => Promise<void> {
  return (token) =>
    new Promise((resolve, reject) => {
      let answer = '';
      const read = (chunk: string) => {
        answer += chunk;
        // The body is one line of JSON, and the whole comes in one piece or two.
        if (!answer.endsWith('}')) return;
        socket.off('data', read);
        if (answer.startsWith('HTTP/1.1 401 ')) resolve();
        else reject(new Error(answer.slice(0, 12)));
      };
      socket.on('data', read);
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    });
}

/** Welch's |t| of unknown against revoked through the node guard, with the medians in a note. */
async function measureOverHttp(
  store: KeyStore,
  { refusalMs, connections }: { refusalMs: number; connections: number },
): Promise<Measurement> {
  const { keys, kinds } = await refusedTokens(store, refusalMs);
  const guard = apiKeyGuard(keys);
  const server = createServer((req, res) => guard(req, res, () => res.end()));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: connections }, () =>
    connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1'),
  );
  try {
    const [unknown, revoked] = await sample(kinds, sockets.map(exchangeOver));
    const medians = [unknown, revoked].map((times) => medianOf(times).value.toFixed(1));
    return {
      value: Math.abs(welch(unknown, revoked)),
      note: `medians ${medians.join(' and ')} µs`,
    };
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await keys.close();
  }
}

const held: readonly Figure[] = Object.entries(stores).map(([name, open]) => ({
  id: `timing.http.${name}`,
  title: `unknown against revoked through the node guard, ${name}, 2 × 50,000 samples, Welch's |t|`,
  unit: '',
  bar: atMost(4.5),
  measure: () =>
    open((store) => measureOverHttp(store, { refusalMs: 5, connections: CONNECTIONS })),
}));

/** What the bars above would be worth nothing without: with nothing held, the difference shows. */
const atOnce: Figure = {
  id: 'timing.http.postgres.at-once',
  title: 'the same of PostgreSQL with refusalMs 0, over one connection',
  unit: '',
  measure: () =>
    stores.postgres((store) => measureOverHttp(store, { refusalMs: 0, connections: 1 })),
};

export const figures: readonly Figure[] = [
  ...held,
  atOnce,
  {
    id: 'timing.process',
    title: 'unknown against revoked in process, medians of 2 × 50,000 samples, ratio less 1',
    unit: '',
    bar: atMost(0.1),
    measure: () =>
      stores.memory(async (store) => {
        const { keys, kinds } = await refusedTokens(store, 0);
        const [unknown, revoked] = await sample(kinds, [(token) => keys.verify(token)]);
        const ratio = medianOf(unknown).value / medianOf(revoked).value;
        return { value: Math.abs(ratio - 1) };
      }),
  },
];
