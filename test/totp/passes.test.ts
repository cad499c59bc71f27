import { memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { enrolled, KEY, NEW_KEY, type Person, type Site, site } from './support.ts';

const COOKIE = '__Host-keywright_factor';
const OTHER_KEY = 'f'.repeat(64);

/** Somebody who has passed. */
async function passed(at: Site) {
  const factor = await enrolled(at);
  const answer = await factor.person.factor('verify', factor.code());
  expect(answer.status).toBe(200);
  return { ...factor, cookie: answer.headers.get('set-cookie') ?? '' };
}

/** Another browser, with the cookies of the one that has passed. */
function carrying(at: Site, from: Person, name: string): Person {
  const person = at.person(name);
  for (const [key, value] of from.cookies) person.cookies.set(key, value);
  return person;
}

describe('a pass', () => {
  it('is a cookie of its own, which no script reads and no other site sends', async () => {
    const { cookie } = await passed(await site());
    const [pair, ...attributes] = cookie.split('; ');
    expect(pair).toMatch(/^__Host-keywright_factor=\d{13}\.[0-9a-f]{64}$/);
    expect(attributes).toEqual(['Max-Age=300', 'Path=/', 'HttpOnly', 'SameSite=Strict', 'Secure']);
  });

  it('goes over plain HTTP where the host says so', async () => {
    const { cookie, person } = await passed(await site({ secureCookie: false }));
    expect(cookie).toMatch(/^keywright_factor=/);
    expect(cookie).not.toContain('Secure');
    expect(await person.create()).toBe(201);
  });

  it('is what whoever has stolen the session does not have', async () => {
    const at = await site();
    const { person } = await passed(at);
    const thief = at.person();
    expect([await thief.create(), await person.create()]).toEqual([403, 201]);
  });

  it('is asked for before keys are made, rotated and revoked, and not before they are read', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    await person.factor('verify', code());
    const { record } = (await person.call('POST', '/api/keys', { json: NEW_KEY })).json;
    const stranger = at.person();
    const key = `/api/keys/${record.id}`;
    const guarded = [`${key}/rotate`, `${key}/revoke`, '/api/keys/revoke-all'];
    for (const path of guarded) {
      expect(await stranger.call('POST', path), path).toMatchObject({
        status: 403,
        json: { error: 'step_up_required', challenge: { kind: 'code', enrolled: true, digits: 6 } },
      });
    }
    expect((await stranger.call('GET', key)).text).toContain('"state":"active"');
    expect(await person.call('POST', `${key}/rotate`)).toMatchObject({ status: 201 });
    expect(await person.call('POST', `${key}/revoke`)).toMatchObject({ status: 200 });
  });

  it('passes every guarded action for `validForMs`', async () => {
    const at = await site({ validForMs: 60_000 });
    const { person } = await passed(at);
    at.time.now += 59_999;
    expect(await person.create()).toBe(201);
    expect(await person.call('POST', '/api/keys/revoke-all')).toMatchObject({ status: 200 });
    expect(await person.factor('recovery-codes')).toMatchObject({ status: 200 });
    at.time.now += 1;
    expect(await person.create()).toBe(403);
    expect(await person.factor('disable')).toMatchObject({ json: { error: 'step_up_required' } });
  });

  it('is taken back with the factor', async () => {
    const { person } = await passed(await site());
    const { headers } = await person.factor('disable');
    expect(headers.get('set-cookie')).toMatch(/^__Host-keywright_factor=; Max-Age=0; Path=\//);
    expect(await person.status()).toMatchObject({ enrolled: false });
  });

  it.each(['grace', 'mallory'])('is no good for %s', async (name) => {
    const at = await site();
    const { person } = await passed(at);
    await enrolled(at, name);
    expect(await carrying(at, person, name).create()).toBe(403);
  });

  it('is no good once the factor is another', async () => {
    const at = await site();
    const { person } = await passed(at);
    const kept = carrying(at, person, 'ada');
    await person.factor('disable');
    await enrolled(at);
    expect(await kept.create()).toBe(403);
  });

  it('holds in every process that has the key, and in no other', async () => {
    const store = memoryStore();
    const at = await site({ store });
    const { person } = await passed(at);
    for (const [options, status] of [
      [{}, 201],
      [{ encryptionKey: OTHER_KEY, decryptionKeys: [KEY] }, 201],
    ] as const) {
      const process = await site({ store, ...options });
      process.time.now = at.time.now;
      expect(await carrying(process, person, 'ada').create()).toBe(status);
    }
  });

  it('holds in the session that it was given in alone, where the host names it', async () => {
    let session = 'first';
    const at = await site({ sessionId: async () => session });
    const { person } = await passed(at);
    expect(await person.create()).toBe(201);
    session = 'second';
    expect(await person.create()).toBe(403);
  });

  it.each([[''], [undefined as never]])(
    'is given for no session without a name, and no code is spent on it: %j',
    async (name) => {
      let session = 'first';
      const at = await site({ sessionId: () => session });
      const { person, code } = await enrolled(at);
      session = name;
      expect(await person.factor('verify', code())).toMatchObject({ status: 500 });
      session = 'first';
      expect(await person.factor('verify', code())).toMatchObject({ status: 200 });
    },
  );

  it('is not one that was altered, made up or drawn out', async () => {
    const at = await site();
    const { person } = await passed(at);
    const good = person.cookies.get(COOKIE) ?? '';
    const [end = '', signature = ''] = good.split('.');
    const flipped = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    for (const value of [
      '',
      'x',
      '.',
      end,
      `${end}.`,
      `${end}.${flipped}`,
      `${Number(end) + 1}.${signature}`,
      `${Number(end) - 1}.${signature}`,
      `${end}.${signature.toUpperCase().replace(/^[A-F0-9]/, 'A')}`,
      `${end}.${'0'.repeat(64)}`,
      `9${end}.${signature}`,
      `${good}.${signature}`,
      `"${good}"`,
    ]) {
      person.cookies.set(COOKIE, value);
      expect(await person.create(), value).toBe(403);
    }
    person.cookies.set(COOKIE, good);
    expect(await person.create()).toBe(201);
  });

  it('is found among other cookies, of the same name too', async () => {
    const at = await site();
    const { person } = await passed(at);
    const good = person.cookies.get(COOKIE);
    const cookie = `a=b; ${COOKIE}=1.2; session=ada;${COOKIE}=${good};x`;
    const json = { name: 'One', environment: 'live' };
    const answer = await person.call('POST', '/api/keys', { json, headers: { cookie } });
    expect(answer).toMatchObject({ status: 201 });
  });

  it('does not last longer for a clock that was set back', async () => {
    const at = await site();
    const { person } = await passed(at);
    at.time.now -= 60_000;
    expect(await person.create()).toBe(201); // as where another process is a minute behind
    at.time.now -= 1;
    expect(await person.create()).toBe(403);
  });
});

describe('who has no factor', () => {
  it('makes no keys, unless the host leaves it to them', async () => {
    const strict = (await site()).person();
    const refused = await strict.call('POST', '/api/keys', {
      json: { name: 'One', environment: 'live' },
    });
    expect(refused).toMatchObject({
      status: 403,
      json: { challenge: { kind: 'code', enrolled: false } },
    });
    const open = await site({ required: false });
    expect(await open.person().create()).toBe(201);
    const { person } = await enrolled(open);
    expect(await person.create()).toBe(403);
  });

  it('is told that there is none to change', async () => {
    const person = (await site()).person();
    for (const operation of ['disable', 'recovery-codes']) {
      expect(await person.factor(operation)).toMatchObject({ json: { error: 'not_enrolled' } });
    }
  });
});
