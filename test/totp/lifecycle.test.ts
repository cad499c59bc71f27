import { createApiKeys, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { failureOf, format, wrong } from '../support.ts';
import { actionsOf, authenticator, enrolled, factorIn, site } from './support.ts';

const ADA = { owner: 'org_1', actorId: 'user_ada' };
const support = { id: 'support_1', name: 'Help desk' };

describe('the log of a second factor', () => {
  it('tells what happened, by whom, in a chain that is whole', async () => {
    const store = memoryStore();
    const at = await site({ store });
    const { person, code, recoveryCodes } = await enrolled(at);
    await person.factor('verify', 'not a code');
    await person.factor('verify', code());
    await person.factor('recovery-codes');
    await person.factor('verify', recoveryCodes[0]);
    await person.factor('disable');
    await at.totp.reset({ ...ADA, actor: support }); // there is none any more
    expect(await actionsOf(store)).toEqual([
      'factor.begun',
      'factor.enrolled',
      'factor.failed',
      'factor.passed',
      'factor.renewed',
      'factor.failed', // the first code of those that were renewed
      'factor.disabled',
    ]);
    const keys = createApiKeys({ format, environments: ['live'], store });
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ ok: true });
    const { items } = await keys.activity({ owner: 'org_1', action: 'factor.passed' });
    expect(items).toMatchObject([
      { at: at.time.now, actor: { id: 'user_ada', email: 'ada@example.com' } },
    ]);
    expect(items[0]).not.toHaveProperty('keyId');
  });

  it('is shown by the management API, and filtered by what happened', async () => {
    const { person } = await enrolled(await site());
    const log = await person.call('GET', '/api/activity?action=factor.enrolled');
    expect(log.activity.items.map(({ action }) => action)).toEqual(['factor.enrolled']);
    const csv = await person.call('GET', '/api/activity/export?format=csv');
    expect(csv.text).toContain('factor.begun');
  });
});

describe('a factor that is given up', () => {
  it('asks for itself first, and leaves nothing', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    expect(await person.factor('disable')).toMatchObject({ json: { error: 'step_up_required' } });
    expect(await person.status()).toMatchObject({ enrolled: true });
    await person.factor('verify', code());
    expect(await person.factor('disable')).toMatchObject({ status: 200, text: '{}' });
    expect(await factorIn(at.store, ADA)).toBeUndefined();
    expect(await person.factor('verify', code())).toMatchObject({ status: 409 });
  });

  it('allows a new enrollment with another secret', async () => {
    const at = await site();
    const first = await enrolled(at);
    await first.person.factor('verify', first.code());
    await first.person.factor('disable');
    const second = await enrolled(at);
    expect(second.secret).not.toBe(first.secret);
    expect(await second.person.factor('verify', first.code())).toMatchObject({ status: 403 });
    expect(await second.person.factor('verify', second.code())).toMatchObject({ status: 200 });
  });
});

describe('a reset', () => {
  it('takes the factor of one actor away, and says who did it and whose it was', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    const grace = await enrolled(at, 'grace');
    await person.factor('verify', code());
    const reset = { ...ADA, actor: support, reason: 'lost her phone' };
    expect(await at.totp.reset(reset)).toBe(true);
    expect(await person.status()).toMatchObject({ enrolled: false });
    expect(await person.create()).toBe(403);
    expect(await grace.person.status()).toMatchObject({ enrolled: true });
    const events = await at.store.readChain('org_1', 0, 100);
    const event = events.at(-1);
    expect(event).toMatchObject({ action: 'factor.reset', actor: support, at: at.time.now });
    const [, sequence, why] = /^factor of event (\d+): (.+)$/.exec(event?.reason ?? '') ?? [];
    expect(why).toBe('lost her phone');
    expect(events[Number(sequence) - 1]).toMatchObject({
      ...{ sequence: Number(sequence), action: 'factor.passed' },
      actor: { id: 'user_ada' },
    });
    expect(await at.totp.reset({ ...ADA, actor: support })).toBe(false);
    await enrolled(at);
    expect(await at.totp.reset({ ...ADA, actor: support })).toBe(true);
  });

  it.each<[string, object]>([
    ['owner', { owner: '' }],
    ['actorId', { actorId: 7 }],
    ['actor', { actor: 'support' }],
    ['reason', { reason: 'x'.repeat(501) }],
    ['reset.actorid', { actorid: 'user_ada' }],
  ])('names what is wrong with it: %s', async (argument, change) => {
    const { totp } = await site();
    const failure = await failureOf(() => totp.reset(wrong({ ...ADA, actor: support, ...change })));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument });
  });
});

describe('an actor who is erased', () => {
  it('has no factor any more, nor a name in the events about it', async () => {
    const store = memoryStore();
    const at = await site({ store });
    const { person, uri, code } = await enrolled(at);
    await person.factor('verify', code());
    const keys = createApiKeys({ format, environments: ['live'], store });
    const { erased } = await keys.eraseActor({ ...ADA, actor: support });
    expect(erased).toBe(3);
    expect(await factorIn(store, ADA)).toBeUndefined();
    const told = JSON.stringify(await store.readChain('org_1', 0, 100));
    // Whole: a digest in hexadecimal may well spell a part of it.
    for (const trace of ['user_ada', 'ada@example.com']) expect(told).not.toContain(trace);
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ ok: true, erased: 3 });
    expect(await person.create()).toBe(403);
    at.time.now += 30_000;
    const later = authenticator(uri).codeAt(at.time.now);
    expect(await person.factor('verify', later)).toMatchObject({ json: { error: 'not_enrolled' } });
  });

  it('leaves no name in a reset that came before either', async () => {
    const store = memoryStore();
    const at = await site({ store });
    const { person } = await enrolled(at);
    expect(await at.totp.reset({ ...ADA, actor: support, reason: 'lost phone' })).toBe(true);
    await person.factor('enroll');
    expect(await at.totp.reset({ ...ADA, actor: support })).toBe(true);
    const keys = createApiKeys({ format, store, environments: ['live'] });
    await keys.eraseActor({ ...ADA, actor: support });
    const told = JSON.stringify(await store.readChain('org_1', 0, 100));
    for (const trace of ['user_ada', 'ada@example.com']) expect(told).not.toContain(trace);
    expect(told).toContain('lost phone');
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ ok: true });
  });
});
