import { describe, expect, it } from 'vitest';
import { actionsOf, enrolled, site, tries, wrongCode } from './support.ts';

const STEP = 30_000;
const DAY = 86_400_000;

const wrong = { status: 403, json: { error: 'wrong_code' } };
const blocked = { status: 429, json: { error: 'too_many_attempts' } };

describe('a code', () => {
  it('passes guarded actions, and works once', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    expect(await person.create()).toBe(403);
    const passed = await person.factor('verify', code());
    expect(passed).toMatchObject({ status: 200, factor: { validForMs: 300_000 } });
    expect(await person.create()).toBe(201);
    const other = at.person();
    expect(await other.factor('verify', code())).toMatchObject(wrong);
    expect(await other.create()).toBe(403);
  });

  it('cannot be used again after it confirmed an enrollment', async () => {
    const at = await site();
    const { person, codeAt } = await enrolled(at);
    expect(await person.factor('verify', codeAt(at.time.now - STEP))).toMatchObject(wrong);
  });

  it.each([
    [-2, 403],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 403],
  ])('answers for the step %i from the present one with %i', async (steps, status) => {
    const at = await site();
    const { person, codeAt } = await enrolled(at);
    at.time.now += 10 * STEP;
    expect(await person.factor('verify', codeAt(at.time.now + steps * STEP))).toMatchObject({
      status,
    });
  });

  it('refuses a code of a step before the last used one, even if the clock is set back', async () => {
    const at = await site();
    const { person, codeAt } = await enrolled(at);
    const { now } = at.time;
    expect(await person.factor('verify', codeAt(now + STEP))).toMatchObject({ status: 200 });
    expect(await person.factor('verify', codeAt(now))).toMatchObject(wrong);
    at.time.now -= STEP;
    expect(await person.factor('verify', codeAt(at.time.now))).toMatchObject(wrong);
  });

  it('accepts spaces and dashes in a code', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    const spaced = code().replace(/^(...)/, ' $1 ');
    expect(await person.factor('verify', spaced)).toMatchObject({ status: 200 });
  });

  it.each([
    ['full-width', '０'],
    ['Arabic', '٠'],
    ['Persian', '۰'],
    ['Devanagari', '०'],
    ['mathematical', '𝟎'],
  ])('accepts %s digits in a code, between copied direction marks', async (_name, zero) => {
    const at = await site();
    const { person, code, recoveryCodes } = await enrolled(at);
    const inScript = (text: string) =>
      text.replace(/\d/g, (digit) =>
        String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)),
      );
    const typed = `\u200f${inScript(code())}\u200f`;
    expect(await person.factor('verify', typed)).toMatchObject({ status: 200 });
    const [first = ''] = recoveryCodes;
    const recovery = inScript(first).replaceAll('-', '\u2011');
    expect(await person.factor('verify', recovery)).toMatchObject({ status: 200 });
    expect((await actionsOf(at.store)).slice(2)).toEqual(['factor.passed', 'factor.recovered']);
  });

  it('refuses a code that was used before, and does not count it as a guess', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    const again = Array.from({ length: 9 }, code);
    expect(await tries(person, [code(), ...again])).toEqual([200, ...again.map(() => 403)]);
    at.time.now += STEP;
    expect(await person.factor('verify', code())).toMatchObject({ status: 200 });
    expect((await actionsOf(at.store)).slice(2)).toEqual(['factor.passed', 'factor.passed']);
  });
});

describe('wrong codes', () => {
  it('locks out after five wrong codes, for half a minute, twice that, and so on', async () => {
    const at = await site();
    const { person, uri, code } = await enrolled(at);
    const guess = () => wrongCode(uri, at.time.now);
    expect(await tries(person, Array.from({ length: 4 }, guess))).toEqual([403, 403, 403, 403]);
    const fifth = await person.factor('verify', guess());
    expect(fifth).toMatchObject(wrong);
    expect(fifth.headers.get('retry-after')).toBe('30');
    for (const seconds of [30, 60, 120]) {
      const refused = await person.factor('verify', code());
      expect(refused).toMatchObject(blocked);
      expect(refused.headers.get('retry-after')).toBe(String(seconds));
      at.time.now += seconds * 1000 - 1;
      expect(await person.factor('verify', code())).toMatchObject(blocked);
      at.time.now += 1;
      expect(await person.factor('verify', guess())).toMatchObject(wrong);
    }
    at.time.now += 240_000;
    expect(await person.factor('verify', code())).toMatchObject({ status: 200 });
    expect(await tries(person, Array.from({ length: 5 }, guess))).toEqual([
      403, 403, 403, 403, 403,
    ]);
    expect((await person.factor('verify', code())).headers.get('retry-after')).toBe('30');
  });

  it('writes an event for each wrong code, and none during a lockout', async () => {
    const at = await site();
    const { person, uri } = await enrolled(at);
    const guesses = Array.from({ length: 8 }, () => wrongCode(uri, at.time.now));
    await tries(person, guesses);
    expect((await actionsOf(at.store)).slice(2)).toEqual([
      ...Array.from({ length: 4 }, () => 'factor.failed'),
      'factor.locked',
    ]);
  });

  it('never locks out for more than a day', async () => {
    const at = await site();
    const { person, uri, code } = await enrolled(at);
    let longest = 0;
    for (let i = 0; i < 30; i++) {
      const answer = await person.factor('verify', wrongCode(uri, at.time.now));
      const wait = Number(answer.headers.get('retry-after') ?? 0) * 1000;
      longest = Math.max(longest, wait);
      at.time.now += wait;
    }
    expect(longest).toBe(DAY);
    expect(await person.factor('verify', code())).toMatchObject({ status: 200 });
  });

  it.each([
    '',
    '12345',
    '1234567',
    'abcdef',
    '１２３４５６',
    '0x1e24',
    '-12345',
    '1e5555',
    '😀'.repeat(30),
  ])('counts any text as a wrong code: %j', async (code) => {
    const at = await site();
    const { person } = await enrolled(at);
    const { status } = await person.factor('verify', code);
    expect(status).toBe(code === '' ? 400 : 403);
  });

  it('locks out one actor only', async () => {
    const at = await site();
    const ada = await enrolled(at);
    const grace = await enrolled(at, 'grace');
    await tries(
      ada.person,
      Array.from({ length: 6 }, () => wrongCode(ada.uri, at.time.now)),
    );
    expect(await ada.person.factor('verify', ada.code())).toMatchObject(blocked);
    expect(await grace.person.factor('verify', grace.code())).toMatchObject({ status: 200 });
  });

  it('locks out four wrong codes between right ones, counted over a day', async () => {
    const at = await site();
    const { person, uri, code } = await enrolled(at);
    const thief = at.person();
    const statuses: number[] = [];
    for (let round = 0; round < 5; round++) {
      const guesses = Array.from({ length: 4 }, () => wrongCode(uri, at.time.now));
      statuses.push(...(await tries(thief, guesses)));
      if (round < 4) statuses.push((await person.factor('verify', code())).status);
      at.time.now += STEP;
    }
    const round = [403, 403, 403, 403, 200];
    expect(statuses).toEqual([...round, ...round, ...round, ...round, 403, 403, 403, 403]);
    expect((await actionsOf(at.store)).slice(-1)).toEqual(['factor.locked']);
    at.time.now -= 1;
    expect(await person.factor('verify', code())).toMatchObject(blocked);
    at.time.now += 1;
    expect(await person.factor('verify', code())).toMatchObject({ status: 200 });
    const next = await thief.factor('verify', wrongCode(uri, at.time.now));
    expect(next.headers.get('retry-after')).toBe('60');
    // A day later they are forgotten.
    at.time.now += DAY;
    expect(await tries(thief, [wrongCode(uri, at.time.now)])).toEqual([403]);
    expect((await actionsOf(at.store)).slice(-1)).toEqual(['factor.failed']);
  });

  it('keeps the wrong codes of another session after a right code', async () => {
    const sessionId = (request: Request) => `${request.headers.get('user-agent')}`;
    const at = await site({ sessionId });
    const { uri, code } = await enrolled(at);
    const inSession = (agent: string, text: string) =>
      at.person().call('POST', '/api/second-factor/verify', {
        json: { code: text },
        headers: { cookie: 'session=ada', 'user-agent': agent },
      });
    const wrongIn = (agent: string) => inSession(agent, wrongCode(uri, at.time.now));
    for (let i = 0; i < 4; i++) await wrongIn('thief');
    for (let i = 0; i < 3; i++) {
      // Hers are cleared by her own success, again and again.
      expect(await inSession('ada', code())).toMatchObject({ status: 200 });
      at.time.now += STEP;
    }
    const fifth = await wrongIn('thief');
    expect(fifth.headers.get('retry-after')).toBe('30');
    expect(await inSession('ada', code())).toMatchObject(blocked);
  });

  it('clears the wrong codes of the same session after a right code', async () => {
    const sessionId = (request: Request) => `${request.headers.get('user-agent')}`;
    const at = await site({ sessionId });
    const { person, uri, code } = await enrolled(at);
    for (let round = 0; round < 4; round++) {
      const guesses = Array.from({ length: 4 }, () => wrongCode(uri, at.time.now));
      expect(await tries(person, guesses)).toEqual([403, 403, 403, 403]);
      expect(await person.factor('verify', code())).toMatchObject({ status: 200 });
      at.time.now += STEP;
    }
    expect(await actionsOf(at.store)).not.toContain('factor.locked');
  });

  it('keeps an earlier pass after wrong codes', async () => {
    const at = await site();
    const { person, uri, code } = await enrolled(at);
    await person.factor('verify', code());
    const thief = at.person();
    await tries(
      thief,
      Array.from({ length: 6 }, () => wrongCode(uri, at.time.now)),
    );
    expect([await person.create(), await thief.create()]).toEqual([201, 403]);
  });
});
