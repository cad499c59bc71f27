import { type ApiKeys, createApiKeys, digestToken, generateToken, type KeyStore } from 'keywright';
import type { Measurement } from './figure.ts';
import { format } from './keys.ts';
import { rateRatio } from './measure.ts';

/** A service that writes uses down when it is told to alone, so that a batch holds look-ups only. */
export function quietService(store: KeyStore): ApiKeys<'live' | 'test'> {
  return createApiKeys({ format, environments: ['live'], store, usageFlushMs: 3_600_000 });
}

/** Makes keys, of a thousand owners, and gives their tokens. */
export async function makeKeys(keys: ApiKeys<'live' | 'test'>, count: number): Promise<string[]> {
  const tokens: string[] = [];
  await inFlight(16, count, async (i) => {
    const { secret } = await keys.create({
      name: `key ${i}`,
      owner: `org_${i % 1000}`,
      environment: 'live',
      actor: { id: 'user_1' },
    });
    tokens.push(flat(secret.reveal()));
  });
  return tokens;
}

/** Tokens for keys that are written past the service. */
export function drawTokens(count: number): string[] {
  return Array.from({ length: count }, () => flat(generateToken(format, 'live')));
}

/** One flat string, as an HTTP parser gives it; what was just generated is made of two. */
function flat(token: string): string {
  return Buffer.from(token).toString('latin1');
}

/** Does `work` for each number below `count`, so many at a time. */
export async function inFlight(
  atOnce: number,
  count: number,
  work: (i: number) => unknown,
): Promise<void> {
  let next = 0;
  const runner = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, runner));
}

/** The columns that a verification reads, as one who has no library would select them. */
export const VERIFIED_COLUMNS = `id, digest, owner, environment, name, scopes, metadata, enabled,
  expires_at, revoked_at, replaced_by, replaced_at`;

export interface Rates {
  readonly tokens: readonly string[];
  /** What finds the row of a digest through the client itself. */
  bare(digest: string): unknown;
  readonly batch: number;
  readonly pairs: number;
}

/** The rate of `verify`, 16 in flight, against that of the bare look-up of the same keys. */
export async function verifyAgainst(
  keys: ApiKeys<'live' | 'test'>,
  { tokens, bare, batch, pairs }: Rates,
): Promise<Measurement> {
  const digests = tokens.map((token) => digestToken(token));
  const at = (i: number) => (i * 7919) % tokens.length; // not in the order of creation
  const subject = () =>
    inFlight(16, batch, async (i) => {
      if (!(await keys.verify(tokens[at(i)] ?? '')).ok) throw new Error('a key was refused');
    });
  const baseline = () =>
    inFlight(16, batch, async (i) => {
      if ((await bare(digests[at(i)] ?? '')) === undefined) throw new Error('a row is missing');
    });
  return rateRatio({ subject, baseline }, { warmUp: 5, pairs });
}
