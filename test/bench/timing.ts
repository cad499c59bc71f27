import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { generateToken } from 'keywright';
import { apiKeyGuard } from 'keywright/node';
import { atMost, type Figure } from './figure.ts';
import { createKeys, emptyService, format } from './keys.ts';
import { medianOf } from './measure.ts';

/** Samples of each kind. */
const SAMPLES = 50_000;

/** Tokens of each kind, so that no one place in memory speaks for all. */
const TOKENS = 200;

/** Refused tokens: of keys that are not, and of keys that were revoked. */
async function refusedTokens() {
  const keys = emptyService();
  const revoked: string[] = [];
  await createKeys(keys, { count: 10_000, perOwner: 10 }, (token) => {
    if (revoked.length < TOKENS) revoked.push(Buffer.from(token).toString('latin1'));
  });
  for (let account = 0; account < TOKENS / 10; account++) {
    await keys.revokeAll({ owner: `org_${account}`, actor: { id: 'user_1' } });
  }
  const unknown = revoked.map(() => Buffer.from(generateToken(format, 'live')).toString('latin1'));
  return { keys, kinds: [unknown, revoked] as const };
}

/**
 * Times of two kinds of token, `SAMPLES` each, in an order drawn by chance, in microseconds.
 *
 * @param refuse presents a token and resolves when it has been refused
 */
async function sample(
  kinds: readonly [readonly string[], readonly string[]],
  refuse: (token: string) => Promise<unknown>,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let i = -2000; i < 2 * SAMPLES; i++) {
    const left = SAMPLES - times[0].length;
    const kind = Math.random() * (2 * SAMPLES - Math.max(i, 0)) < left ? 0 : 1;
    const token = kinds[kind][i < 0 ? 0 : i % TOKENS] as string;
    const start = process.hrtime.bigint();
    await refuse(token);
    const time = Number(process.hrtime.bigint() - start) / 1000;
    if (i >= 0) times[kind].push(time);
  }
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

export const figures: readonly Figure[] = [
  {
    id: 'timing.http',
    title: `unknown against revoked through the node guard, 2 × 50,000 samples, Welch's |t|`,
    unit: '',
    bar: atMost(4.5),
    async measure() {
      const { keys, kinds } = await refusedTokens();
      const guard = apiKeyGuard(keys);
      const server = createServer((req, res) => guard(req, res, () => res.end()));
      server.keepAliveTimeout = 60_000;
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.setNoDelay(true).setEncoding('latin1');
      const [unknown, revoked] = await sample(kinds, exchangeOver(socket));
      socket.destroy();
      server.close();
      return { value: Math.abs(welch(unknown, revoked)) };
    },
  },
  {
    id: 'timing.process',
    title: 'unknown against revoked in process, medians of 2 × 50,000 samples, ratio less 1',
    unit: '',
    bar: atMost(0.1),
    async measure() {
      const { keys, kinds } = await refusedTokens();
      const [unknown, revoked] = await sample(kinds, (token) => keys.verify(token));
      const ratio = medianOf(unknown).value / medianOf(revoked).value;
      return { value: Math.abs(ratio - 1) };
    },
  },
];
