import {
  createApiKeys,
  digestsEqual,
  digestToken,
  generateToken,
  memoryStore,
  parseToken,
  tokenFormat,
} from 'keywright';
import { apiKeyGuard, requireScopes } from 'keywright/fetch';
import { type GuardedRoute, type OpenGuard, testGuard, testKeyStore } from 'keywright/testing';
import { type Counts, collect } from './collect.ts';

const format = tokenFormat({ brand: 'prn', environments: ['live'], checksum: 'crc32' });

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${String(actual)} is not ${String(expected)}`);
}

/** What depends on the runtime: its random source, its digest, its clock and its promises. */
const core: Record<string, () => Promise<void>> = {
  'digests "abc" as FIPS 180-4 does': async () => {
    const digest = digestToken('abc');
    const published = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    equal(digest, published);
    equal(digestsEqual(digest, published), true);
  },
  'draws tokens that it parses, each another one': async () => {
    const tokens = new Set(Array.from({ length: 1000 }, () => generateToken(format, 'live')));
    equal(tokens.size, 1000);
    for (const token of tokens) equal(parseToken(format, token)?.environment, 'live');
  },
  'takes a key from creation to its end': async () => {
    const actor = { id: 'user_1' };
    const keys = createApiKeys({ format, store: memoryStore() });
    const created = await keys.create({ name: 'A', owner: 'org_1', environment: 'live', actor });
    const token = created.secret.reveal();
    equal((await keys.verify(token)).ok, true);
    const rotated = await keys.rotate(created.record.id, { actor });
    equal((await keys.verify(token)).ok, true);
    await keys.revoke(created.record.id, { actor });
    equal((await keys.verify(token)).ok, false);
    equal((await keys.verify(rotated.secret.reveal())).ok, true);
    equal((await keys.verifyActivity({ owner: 'org_1' })).ok, true);
    await keys.close();
  },
};

function handlerOf({ options, requireScopes: scopes, handle }: GuardedRoute, keys: GuardKeys) {
  const answer = (_request: Request, principal: Parameters<typeof handle>[0]) =>
    new Response(handle(principal), { headers: { 'Content-Type': 'application/json' } });
  return apiKeyGuard(keys, scopes ? requireScopes(...scopes)(answer) : answer, options);
}

type GuardKeys = Parameters<OpenGuard>[0];

/** The core, the memory store and the Fetch guard, on whatever runtime this is. */
export function runSuite(): Promise<Counts> {
  return collect((runner) => {
    runner.describe('the core', () => {
      for (const [name, check] of Object.entries(core)) runner.it(name, check, 10_000);
    });
    runner.describe('the memory store', () => {
      testKeyStore(() => ({ store: memoryStore() }), runner);
    });
    runner.describe('the Fetch guard', () => {
      testGuard((keys, routes) => {
        const handlers = new Map(routes.map((route) => [route.path, handlerOf(route, keys)]));
        return {
          fetch: (request) =>
            handlers.get(new URL(request.url).pathname)?.(request) ??
            new Response(null, { status: 404 }),
        };
      }, runner);
    });
  });
}
