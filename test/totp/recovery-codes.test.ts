import { describe, expect, it } from 'vitest';
import { actionsOf, enrolled, site } from './support.ts';

const wrong = { status: 403, json: { error: 'wrong_code' } };

describe('a recovery code', () => {
  it('is 80 bits that can be read out', async () => {
    const { recoveryCodes } = await enrolled(await site());
    for (const code of recoveryCodes) {
      expect(code).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    }
    const used = new Set(recoveryCodes.join('').replaceAll('-', ''));
    expect(used.size).toBeGreaterThan(20);
  });

  it('passes once, and the others are left', async () => {
    const at = await site();
    const { person, recoveryCodes } = await enrolled(at);
    const [first = '', second = ''] = recoveryCodes;
    expect(await person.factor('verify', first)).toMatchObject({ status: 200 });
    expect(await person.create()).toBe(201);
    expect(await person.status()).toMatchObject({ recoveryCodesLeft: 9 });
    expect(await person.factor('verify', first)).toMatchObject(wrong);
    expect(await person.factor('verify', second)).toMatchObject({ status: 200 });
    expect((await actionsOf(at.store)).slice(2)).toEqual([
      'factor.recovered',
      'key.created',
      'factor.recovered',
    ]);
  });

  it('accepts the spellings of people', async () => {
    const { person, recoveryCodes } = await enrolled(await site());
    const spellings: ((code: string) => string)[] = [
      (code) => code.toUpperCase(),
      (code) => code.replaceAll('-', ''),
      (code) => code.replaceAll('-', ' '),
      (code) => code.replaceAll('0', 'O').replaceAll('1', 'l'),
      (code) => code.replaceAll('0', 'o').replaceAll('1', 'I'),
    ];
    for (const [i, spell] of spellings.entries()) {
      const code = spell(recoveryCodes[i] ?? '');
      expect(await person.factor('verify', code), code).toMatchObject({ status: 200 });
    }
  });

  it('does not count a used recovery code as a guess, but counts a wrong one', async () => {
    const at = await site();
    const { person, recoveryCodes } = await enrolled(at);
    const [first = '', second = ''] = recoveryCodes;
    await person.factor('verify', first);
    for (let i = 0; i < 7; i++) expect(await person.factor('verify', first)).toMatchObject(wrong);
    for (let i = 0; i < 5; i++) {
      expect(await person.factor('verify', `${i}aaa-aaaa-aaaa-aaaa`)).toMatchObject(wrong);
    }
    expect(await person.factor('verify', second)).toMatchObject({ status: 429 });
    at.time.now += 30_000;
    expect(await person.factor('verify', second)).toMatchObject({ status: 200 });
  });

  it('confirms no enrollment', async () => {
    const at = await site();
    const { person, recoveryCodes } = await enrolled(at);
    await person.factor('verify', recoveryCodes[0]);
    await person.factor('disable');
    await person.factor('enroll');
    expect(await person.factor('confirm', recoveryCodes[1])).toMatchObject(wrong);
  });
});

describe('renewed recovery codes', () => {
  it('requires the factor for new recovery codes, and cancels all earlier ones', async () => {
    const at = await site();
    const { person, code, recoveryCodes } = await enrolled(at);
    expect(await person.factor('recovery-codes')).toMatchObject({
      json: { error: 'step_up_required' },
    });
    await person.factor('verify', code());
    const renewed = (await person.factor('recovery-codes')).factor.recoveryCodes;
    expect(new Set([...renewed, ...recoveryCodes]).size).toBe(20);
    expect(await person.factor('verify', recoveryCodes[0])).toMatchObject(wrong);
    expect(await person.factor('verify', renewed[0])).toMatchObject({ status: 200 });
    expect(await person.status()).toMatchObject({ recoveryCodesLeft: 9 });
    expect(await actionsOf(at.store)).toContain('factor.renewed');
  });
});

describe('recovery codes', () => {
  it('renews recovery codes ten times an hour at most, also by concurrent requests', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    await person.factor('verify', code());
    const burst = await Promise.all(
      Array.from({ length: 15 }, () => person.factor('recovery-codes')),
    );
    expect(burst.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 10 }, () => 200),
      ...Array.from({ length: 5 }, () => 429),
    ]);
    at.time.now += 60_000;
    const refused = await person.factor('recovery-codes');
    expect(refused).toMatchObject({ json: { error: 'too_many_attempts' } });
    expect(refused.headers.get('retry-after')).toBe(String(59 * 60));
    at.time.now += 59 * 60_000;
    await person.factor('verify', code());
    expect(await person.factor('recovery-codes')).toMatchObject({ status: 200 });
    const renewals = (await actionsOf(at.store)).filter((action) => action === 'factor.renewed');
    expect(renewals).toHaveLength(11);
  });
});
