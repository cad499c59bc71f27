import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { type } from 'arktype';
import { generateToken, hasCode, type OwnerKeys, type TokenFormat, tokenFormat } from 'keywright';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretOf } from '../../src/secret.ts';
import { actor, asOwnerKeys, failureOf, newKey, setUp, wrong } from '../support.ts';

const formats: Record<string, TokenFormat<'live' | 'test'>> = {
  'of 64 characters': tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  'of the fewest characters': tokenFormat({
    brand: 'prn',
    environments: ['live', 'test'],
    secretLength: 22,
  }),
};

/** Services whose schema gives a name of the metadata as the place of what does not pass. */
const counting = [
  z.record(z.string(), z.number()),
  v.record(v.string(), v.number()),
  type({ '[string]': 'number' }),
].map((metadata) => setUp({ metadata: wrong(metadata) }).keys);

/** All that a log line, an error report or a debugger would show of a value. */
function shown(value: unknown): string {
  const texts = [
    inspect(value, {
      showHidden: true,
      depth: Number.POSITIVE_INFINITY,
      getters: true,
      maxArrayLength: Number.POSITIVE_INFINITY,
      maxStringLength: Number.POSITIVE_INFINITY,
    }),
    inspect(value, { customInspect: false, showHidden: true, depth: 20 }),
    String(value),
  ];
  if (typeof value !== 'function') texts.push(JSON.stringify(value) ?? '');
  if (value instanceof Error) texts.push(value.message, value.stack ?? '', shown(value.cause));
  return texts.join('\n');
}

/** The parts of a token that no text may hold: eight characters beyond what a hint shows. */
function partsOf(token: string, hint: string): string[] {
  const hidden = token.slice(hint.length);
  return Array.from({ length: hidden.length - 7 }, (_, start) => hidden.slice(start, start + 8));
}

/** Calls that hand a token to an argument where it does not belong. */
function misuses(keys: OwnerKeys<'live' | 'test'>, token: string, id: string): (() => unknown)[] {
  const named = { [token]: token };
  const { owner: _, ...fields } = newKey;
  return [
    () => keys.get(token),
    () => keys.update(token, { name: 'Other' }, { actor }),
    () => keys.rotate(token, { actor }),
    () => keys.revoke(token, { actor }),
    () => keys.create(wrong({ ...fields, ...named })),
    () => keys.create({ ...fields, name: `${token}\n` }),
    () => keys.create({ ...fields, environment: wrong(token) }),
    () => keys.create({ ...fields, scopes: [`${token} `] }),
    () => keys.create({ ...fields, scopes: wrong(token) }),
    () => keys.create({ ...fields, metadata: wrong({ a: { [token]: undefined } }) }),
    () => keys.create({ ...fields, metadata: wrong(token) }),
    () => keys.create({ ...fields, actor: wrong(token) }),
    () => keys.create({ ...fields, actor: wrong({ id: 'a', [token]: 1n }) }),
    () => keys.create({ ...fields, reason: `${token}\0` }),
    () => keys.create({ ...fields, expiresAt: wrong(token) }),
    () => keys.create({ ...fields, id: `${token}\n` }),
    () => keys.create({ ...fields, transaction: token }),
    () => keys.update(id, wrong(named), { actor }),
    () => keys.update(id, { name: 'Other' }, wrong(named)),
    () => keys.update(id, { enabled: wrong(token) }, { actor }),
    () => keys.rotate(id, { actor, graceMs: wrong(token) }),
    () => keys.revoke(id, wrong({ actor, ...named })),
    () => keys.list({ cursor: token }),
    () => keys.list({ limit: wrong(token) }),
    () => keys.list({ state: wrong(token) }),
    () => keys.list(wrong(named)),
    () => keys.activity({ cursor: token }),
    () => keys.activity({ action: wrong(token) }),
    () => keys.verifyActivity({ expectedHead: wrong(token) }),
    () => keys.verifyActivity({ expectedHead: { sequence: 1, digest: token } }),
    ...counting.map((service) => () => service.create({ ...newKey, metadata: named })),
  ];
}

describe.each(Object.entries(formats))('a token %s', (_, format) => {
  it('appears in no result, event or error', async () => {
    const heard: unknown[] = [];
    const listener = (event: unknown) => heard.push(event);
    subscribe('keywright:event', listener);
    const { keys, store, events, time } = setUp({ format });
    const seen: unknown[] = [keys, keys.forOwner('org_1'), store, store.changes, format];
    const tokens: [token: string, hint: string][] = [];
    const take = ({ secret, record, ...rest }: Awaited<ReturnType<typeof keys.create>>) => {
      tokens.push([secret.reveal(), record.hint]);
      seen.push(secret, record, rest);
      return record;
    };
    for (const view of [asOwnerKeys(keys, 'org_1'), keys.forOwner('org_1')]) {
      const { owner: __, ...fields } = newKey;
      const created = await view.create({ ...fields, scopes: ['read'], metadata: { plan: 'pro' } });
      const record = take(created);
      const next = take(await view.rotate(record.id, { actor, graceMs: 1000 }));
      const [token = ''] = tokens.at(-1) ?? [];
      seen.push(
        await view.get(record.id),
        await view.update(record.id, { name: 'Other' }, { actor, reason: 'typo' }),
        await view.revoke(record.id, { actor }),
        await view.list(),
        await keys.verify(token),
        await keys.verify(`${token}a`),
        await keys.authenticate(`Bearer ${token}`),
        await keys.authenticate(`Bearer ${token}`, { scopes: ['write'] }),
        await keys.authenticate([`Bearer ${token}`, `Bearer ${token}`]),
        await keys.authenticate(`Basic ${token}`),
      );
      time.now += 1000;
      seen.push(await failureOf(() => view.rotate(record.id, { actor })));
      seen.push(await failureOf(() => view.update(record.id, { enabled: true }, { actor })));
      for (const misuse of misuses(view, token, next.id)) {
        seen.push(await Promise.resolve(misuse()).catch((error: unknown) => error));
      }
      seen.push(
        await view.revokeAll({ actor }),
        await view.activity(),
        await view.verifyActivity(),
      );
    }
    await keys.close();
    seen.push(await keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor: { id: 'dpo' } }));
    unsubscribe('keywright:event', listener);
    expect(events.length).toBeGreaterThan(10);
    expect(heard).toEqual(events);
    seen.push(events, await store.list({ owner: 'org_1', limit: 100, now: 0 }));
    seen.push(await store.readChain('org_1', 0, 100));
    expect(tokens).toHaveLength(4);
    const leaks = seen
      .map(shown)
      .filter((text) =>
        tokens.some(([token, hint]) => partsOf(token, hint).some((part) => text.includes(part))),
      );
    expect(leaks.map((text) => text.split('\n', 1)[0])).toEqual([]);
    for (const [token, hint] of tokens) expect(token.startsWith(hint)).toBe(true);
  });

  it('would be found by this test', () => {
    const token = generateToken(format, 'live');
    const [part = ''] = partsOf(token, token.slice(0, 13));
    for (const leak of [token, { deep: [{ token }] }, new Error(token), new Map([[1, token]])]) {
      expect(shown(leak)).toContain(part);
    }
    expect(shown({ secret: secretOf(token) })).not.toContain(part);
  });
});

describe('a source or a store that fails', () => {
  it('fails without the drawn token in its error', async () => {
    const { keys, store } = setUp();
    const drawn: string[] = [];
    store.commit = async ({ added }) => {
      drawn.push(...added.map(({ digest }) => digest));
      return { status: 'digest_taken' };
    };
    const failure = await failureOf(() => keys.create(newKey));
    expect(hasCode(failure, 'digest_taken')).toBe(true);
    expect(drawn).toHaveLength(3);
    for (const digest of drawn) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(shown(failure)).not.toMatch(/prn_live_/);
  });
});
