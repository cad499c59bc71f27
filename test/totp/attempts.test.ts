import { memoryStore } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';
import { describe, expect, it } from 'vitest';
import { sqliteFile } from '../stores/sql/sqlite-file.ts';
import { actionsOf, authenticator, enrolled, type Person, site, wrongCode } from './support.ts';

const STEP = 30_000;
const DAY = 86_400_000;

const wrong = { status: 403, json: { error: 'wrong_code' } };
const blocked = { status: 429, json: { error: 'too_many_attempts' } };

function tries(person: Person, codes: readonly string[]) {
  return codes.reduce<Promise<number[]>>(async (before, code) => {
    const statuses = await before;
    return [...statuses, (await person.factor('verify', code)).status];
  }, Promise.resolve([]));
}

describe('a code', () => {
  it('lets guarded actions through, and is good once', async () => {
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

  it('that confirmed an enrollment is used', async () => {
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
  ])('of the step %i from the present one answers %i', async (steps, status) => {
    const at = await site();
    const { person, codeAt } = await enrolled(at);
    at.time.now += 10 * STEP;
    expect(await person.factor('verify', codeAt(at.time.now + steps * STEP))).toMatchObject({
      status,
    });
  });

  it('of a step before one that was used is good no more, whatever the clock does', async () => {
    const at = await site();
    const { person, codeAt } = await enrolled(at);
    const { now } = at.time;
    expect(await person.factor('verify', codeAt(now + STEP))).toMatchObject({ status: 200 });
    expect(await person.factor('verify', codeAt(now))).toMatchObject(wrong);
    at.time.now -= STEP;
    expect(await person.factor('verify', codeAt(at.time.now))).toMatchObject(wrong);
  });

  it('may be written as people do', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    const spaced = code().replace(/^(...)/, ' $1 ');
    expect(await person.factor('verify', spaced)).toMatchObject({ status: 200 });
  });

  it('that is presented again is refused, and counts as no guess', async () => {
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
  it('are five, and then no code is looked at for half a minute, twice that, and so on', async () => {
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

  it('leave an event each, and those that are not looked at none', async () => {
    const at = await site();
    const { person, uri } = await enrolled(at);
    const guesses = Array.from({ length: 8 }, () => wrongCode(uri, at.time.now));
    await tries(person, guesses);
    expect((await actionsOf(at.store)).slice(2)).toEqual([
      ...Array.from({ length: 4 }, () => 'factor.failed'),
      'factor.locked',
    ]);
  });

  it('are never made to wait for more than a day', async () => {
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
  ])('are such whatever they look like: %j', async (code) => {
    const at = await site();
    const { person } = await enrolled(at);
    const { status } = await person.factor('verify', code);
    expect(status).toBe(code === '' ? 400 : 403);
  });

  it('of one actor make nobody else wait', async () => {
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

  it('take no pass away that was given before', async () => {
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

describe('a wait', () => {
  it('is one for all processes, and a restart does not end it', async () => {
    const file = sqliteFile();
    const open = async () => {
      const store = sqliteStore(file.connect());
      await store.migrate();
      return store;
    };
    try {
      const [one, two] = [await site({ store: await open() }), await site({ store: await open() })];
      const { uri, code } = await enrolled(one);
      two.time.now = one.time.now;
      const guess = wrongCode(uri, one.time.now);
      for (let i = 0; i < 5; i++) {
        const person = (i % 2 === 0 ? one : two).person();
        expect(await person.factor('verify', guess)).toMatchObject(wrong);
      }
      expect(await one.person().factor('verify', code())).toMatchObject(blocked);
      expect(await two.person().factor('verify', code())).toMatchObject(blocked);

      const restarted = await site({ store: await open() });
      restarted.time.now = one.time.now + 29_999;
      const again = authenticator(uri).codeAt(restarted.time.now);
      expect(await restarted.person().factor('verify', again)).toMatchObject(blocked);
      restarted.time.now += 1;
      expect(await restarted.person().factor('verify', again)).toMatchObject({ status: 200 });
    } finally {
      file.remove();
    }
  });

  it('is no matter of the process on a store in memory either', async () => {
    const store = memoryStore();
    const one = await site({ store });
    const { uri, code } = await enrolled(one);
    await tries(
      one.person(),
      Array.from({ length: 5 }, () => wrongCode(uri, one.time.now)),
    );
    const two = await site({ store });
    two.time.now = one.time.now;
    expect(await two.person().factor('verify', code())).toMatchObject(blocked);
  });
});
