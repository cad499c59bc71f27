import type { SecondFactorOutcome, Verified } from 'keywright/management';
import { describe, expect, it } from 'vitest';
import { wrong } from '../support.ts';
import { type Mounted, mount } from './support.ts';
import { testStepUp } from './test-step-up.ts';

const newKey = { name: 'Zapier production', environment: 'live' };
const required = { status: 403, json: { error: 'step_up_required' } };
const right = { json: { code: '424242' } };

const factor = ({ call }: Pick<Mounted, 'call'>, operation: string, sent = {}) =>
  call('POST', `/api/second-factor/${operation}`, sent);

/** A handler whose Ada has a second factor. */
async function enrolled() {
  const { stepUp, checked } = testStepUp();
  const mounted = await mount({ stepUp });
  await factor(mounted, 'enroll');
  expect(await factor(mounted, 'confirm', right)).toMatchObject({ status: 200 });
  checked.length = 0;
  return { ...mounted, checked };
}

describe('a second factor', () => {
  it('enrolls, passes, renews and removes a factor', async () => {
    const { stepUp } = testStepUp();
    const mounted = await mount({ stepUp });
    const { call, described } = mounted;
    const session = async () => (await call('GET', '/api/session')).text;
    expect(await session()).toContain('"enrolled":false');

    const enrolment = await factor(mounted, 'enroll');
    expect(enrolment.headers.get('cache-control')).toBe('no-store');
    expect(JSON.parse(enrolment.text)).toMatchObject({ secret: 'JBSWY3DP', qrCode: '<svg/>' });
    const confirmed = await factor(mounted, 'confirm', right);
    expect(JSON.parse(confirmed.text)).toEqual({ recoveryCodes: ['one-one', 'two-two'] });
    expect(await session()).toContain('"enrolled":true,"recoveryCodesLeft":2');

    const refused = await call('POST', '/api/keys', { json: newKey });
    expect(refused).toMatchObject(required);
    expect(refused.json.challenge).toEqual({ kind: 'code', enrolled: true });
    const verified = await factor(mounted, 'verify', right);
    expect(JSON.parse(verified.text)).toEqual({ validForMs: 0 });
    expect(verified.headers.get('set-cookie')).toBe('factor=passed; HttpOnly');
    expect(await call('POST', '/api/keys', { json: newKey })).toMatchObject({ status: 201 });
    expect(await call('POST', '/api/keys', { json: newKey })).toMatchObject(required);

    expect(await factor(mounted, 'recovery-codes')).toMatchObject(required);
    await factor(mounted, 'verify', { json: { code: 'one-one' } });
    expect(await factor(mounted, 'recovery-codes')).toMatchObject({ status: 200 });
    expect(await factor(mounted, 'disable')).toMatchObject(required);
    await factor(mounted, 'verify', right);
    expect(await factor(mounted, 'disable')).toMatchObject({ status: 200, text: '{}' });
    expect(await session()).toContain('"enrolled":false');
    const ownOperations = described.operations.filter((name) => /Factor|RecoveryCodes/.test(name));
    expect(ownOperations).toHaveLength(5);
    for (const name of ownOperations) expect(described.succeeded).toContain(name);
  });

  it('stands before create, rotate, revoke and its own changes, and nothing else', async () => {
    const mounted = await enrolled();
    const { call, checked, keys } = mounted;
    const { record } = await keys.create({
      ...{ name: 'One', owner: 'org_1', environment: 'live' as const },
      actor: { id: 'user_ada' },
    });
    const key = `/api/keys/${record.id}`;
    for (const path of [`${key}/rotate`, `${key}/revoke`, '/api/keys/revoke-all']) {
      expect(await call('POST', path)).toMatchObject(required);
    }
    for (const operation of ['enroll', 'recovery-codes', 'disable']) {
      expect(await factor(mounted, operation)).toMatchObject(required);
    }
    expect(checked).toEqual(['rotate', 'revoke', 'revoke', 'enroll', 'recovery-codes', 'disable']);
    expect(await keys.get(record.id)).toEqual(record);
    expect(await call('PATCH', key, { json: { name: 'Two' } })).toMatchObject({ status: 200 });
    expect(await call('GET', key)).toMatchObject({ status: 200 });
    expect(checked).toHaveLength(6);
  });

  it('is not asked for where the request is refused anyway', async () => {
    const { call, checked } = await enrolled();
    expect(await call('POST', '/api/keys', { json: {} })).toMatchObject({ status: 400 });
    expect(await call('POST', '/api/keys', { as: null, json: newKey })).toMatchObject({
      status: 401,
    });
    expect(await call('POST', '/api/keys', { as: 'newcomer', json: newKey })).toMatchObject({
      json: { error: 'forbidden' },
    });
    const headers = { origin: 'https://evil.example' };
    expect(await call('POST', '/api/keys', { json: newKey, headers })).toMatchObject({
      json: { error: 'cross_site' },
    });
    expect(checked).toEqual([]);
  });

  it('answers the same for foreign and unknown keys', async () => {
    const { call, keys } = await enrolled();
    const { record } = await keys.create({
      ...{ name: 'One', owner: 'org_1', environment: 'live' as const },
      actor: { id: 'user_ada' },
    });
    const [foreign, unknown] = [
      await call('POST', `/api/keys/${record.id}/revoke`, { as: 'mallory' }),
      await call('POST', '/api/keys/key_0/revoke', { as: 'mallory' }),
    ];
    expect(foreign).toMatchObject(required);
    expect(foreign.text).toBe(unknown.text);
  });

  it('refuses wrong codes, and then any code for a while', async () => {
    const mounted = await enrolled();
    const wrong = { json: { code: '000000' } };
    for (let i = 0; i < 3; i++) {
      expect(await factor(mounted, 'verify', wrong)).toMatchObject({
        status: 403,
        json: { error: 'wrong_code' },
      });
    }
    const blocked = await factor(mounted, 'verify', right);
    expect(blocked).toMatchObject({ status: 429, json: { error: 'too_many_attempts' } });
    expect(blocked.headers.get('retry-after')).toBe('30');
    expect(await factor(mounted, 'verify', { as: 'grace', ...right })).toMatchObject({
      status: 409,
      json: { error: 'not_enrolled' },
    });
  });

  it.each([{}, { code: 424_242 }, { code: '' }, { code: '1'.repeat(65) }])(
    'takes no body but a code: %j',
    async (json) => {
      const mounted = await enrolled();
      expect(await factor(mounted, 'verify', { json })).toMatchObject({
        status: 400,
        json: { argument: 'code' },
      });
    },
  );

  it.each(['enroll', 'confirm', 'verify', 'recovery-codes', 'disable'])(
    'is for who is signed in: %s',
    async (operation) => {
      const mounted = await enrolled();
      expect(await factor(mounted, operation, { as: null, ...right })).toMatchObject({
        status: 401,
      });
      const read = await mounted.call('GET', `/api/second-factor/${operation}`);
      expect(read).toMatchObject({ status: 405 });
    },
  );

  it('has the routes that it offers, and no others', async () => {
    const mounted = await mount({ stepUp: { check: () => ({ ok: true }) } });
    expect(await factor(mounted, 'enroll')).toMatchObject({ status: 404 });
    expect(await mounted.call('POST', '/api/keys', { json: newKey })).toMatchObject({
      status: 201,
    });
    expect((await mounted.call('GET', '/api/session')).text).toContain(
      '"secondFactor":{"operations":[],"enrolled":false}',
    );
  });

  it.each<[string, () => never]>([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database')) as never],
    ['gives nothing', () => undefined as never],
    ['says no without a challenge', () => ({ ok: false }) as never],
    ['gives a text for a yes', () => ({ ok: 'yes' }) as never],
  ])('that %s lets nothing through, and is told to the host', async (_what, check) => {
    const { call, errors, keys } = await mount({ stepUp: { check } });
    const answer = await call('POST', '/api/keys', { json: newKey });
    expect(answer).toMatchObject({ status: 500, json: { error: 'internal' } });
    expect(errors).toHaveLength(1);
    expect((await keys.list({ owner: 'org_1' })).items).toEqual([]);
  });

  it.each([undefined, { ok: 'yes' }, { ok: false }, { ok: false, error: 'toString' }])(
    'answers 500 if an operation of the step-up returns %j',
    async (outcome) => {
      const verify = (): SecondFactorOutcome<Verified> => wrong(outcome);
      const mounted = await mount({
        stepUp: { check: () => ({ ok: true }), operations: { verify } },
      });
      const answer = await factor(mounted, 'verify', right);
      expect(answer).toMatchObject({ status: 500, json: { error: 'internal' } });
      expect(mounted.errors).toHaveLength(1);
    },
  );

  it.each([{}, { enrolled: 'false' }, { enrolled: 1 }])(
    'answers 500 if the status of the step-up is %j',
    async (status) => {
      const stepUp = { check: () => ({ ok: true }), status: () => status };
      const { call, errors } = await mount({ stepUp: wrong(stepUp) });
      expect(await call('GET', '/api/session')).toMatchObject({ status: 500 });
      expect(errors).toHaveLength(1);
    },
  );
});
