import { hash, timingSafeEqual } from 'node:crypto';
import { createApiKeys, legacyFormat, memoryStore } from 'keywright';
import { atLeast, type Bar, type Figure, type Measurement } from './figure.ts';
import { createKeys, emptyService, format } from './keys.ts';
import { rateRatio } from './measure.ts';

/** Verifications in a batch: tens of milliseconds, and several collections of young garbage. */
const BATCH = 20_000;

/** The constant-time comparison that Node offers. */
function equalBuffers(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The cheapest constant-time comparison there is: no buffers, no call. */
function equalText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** What a verification cannot do without, and nothing else: digest, look-up, comparison. */
function bareVerification(tokens: readonly string[], equal: typeof equalText) {
  const byDigest = new Map<string, { digest: string; owner: string }>();
  for (const token of tokens) {
    const digest = hash('sha256', token, 'hex');
    byDigest.set(digest, { digest, owner: 'org_1' });
  }
  return async (token: string) => {
    const digest = hash('sha256', token, 'hex');
    const entry = byDigest.get(digest);
    return entry !== undefined && equal(digest, entry.digest) ? entry : undefined;
  };
}

/** A way through the tokens, over and over. */
function cycle(tokens: readonly string[]): () => string {
  let next = 0;
  return () => {
    if (next === tokens.length) next = 0;
    return tokens[next++] as string;
  };
}

async function measureVerify(count: number, equal: typeof equalText): Promise<Measurement> {
  const keys = emptyService();
  const tokens: string[] = [];
  await createKeys(keys, { count, perOwner: 10 }, (token) => {
    // One flat string, as an HTTP parser gives it; what was just generated is made of two.
    tokens.push(Buffer.from(token).toString('latin1'));
  });
  // Tokens are random, so in their own order they are in a random one to the store.
  tokens.sort();
  const bareVerify = bareVerification(tokens, equal);
  const nextBare = cycle(tokens);
  const nextOwn = cycle(tokens);
  // Each side has a loop of its own, which the engine specializes to that side.
  const baseline = async () => {
    for (let i = 0; i < BATCH; i++) {
      if ((await bareVerify(nextBare())) === undefined) throw new Error('a token was not found');
    }
  };
  const subject = async () => {
    for (let i = 0; i < BATCH; i++) {
      if (!(await keys.verify(nextOwn())).ok) throw new Error('a key was refused');
    }
  };
  // Keys that have been used bear the time of it: this is the state in which a service runs.
  for (let done = 0; done < count; done += BATCH) await subject();
  await keys.flush();
  const ratio = await rateRatio({ subject, baseline }, { warmUp: 10, pairs: 60 });
  await keys.close();
  return ratio;
}

const figure = (id: string, count: number, against: string, equal: typeof equalText, bar?: Bar) => {
  const title = `verify, ${count.toLocaleString('en')} keys, against hash, Map and ${against}`;
  const measure = () => measureVerify(count, equal);
  return { id, title, unit: '×', measure, ...(bar === undefined ? {} : { bar }) } satisfies Figure;
};

/** The rate of `verify` with legacy formats that no token has, against that without. */
async function measureUnusedLegacy(): Promise<Measurement> {
  const store = memoryStore();
  const options = { format, store, environments: ['live'] as const };
  const legacy = [
    legacyFormat({ separator: '|', alphabet: 'alphanumeric', length: 40, digested: 'secret' }),
    legacyFormat({ prefix: 'sk_', alphabet: 'hex', length: 64, hmacKey: 'old key' }),
  ];
  const services = [createApiKeys({ ...options, legacy }), createApiKeys(options)] as const;
  const tokens: string[] = [];
  await createKeys(services[1], { count: 10_000, perOwner: 10 }, (token) => {
    tokens.push(Buffer.from(token).toString('latin1'));
  });
  const [subject, baseline] = services.map((keys) => {
    const next = cycle(tokens);
    return async () => {
      for (let i = 0; i < BATCH; i++) {
        if (!(await keys.verify(next())).ok) throw new Error('a key was refused');
      }
    };
  });
  if (subject === undefined || baseline === undefined) throw new Error('two services');
  const ratio = await rateRatio({ subject, baseline }, { warmUp: 10, pairs: 60 });
  for (const keys of services) await keys.close();
  return ratio;
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.legacy',
    title: 'verify, 10,000 keys, with two legacy formats that no token has, against none',
    unit: '×',
    bar: atLeast(0.97),
    measure: measureUnusedLegacy,
  },
  figure('verify.memory.10k', 10_000, 'timingSafeEqual', equalBuffers, atLeast(0.5)),
  figure('verify.memory.1m', 1_000_000, 'timingSafeEqual', equalBuffers, atLeast(0.5)),
  figure('verify.memory.10k.least', 10_000, 'the cheapest comparison', equalText),
  figure('verify.memory.1m.least', 1_000_000, 'the cheapest comparison', equalText),
];
