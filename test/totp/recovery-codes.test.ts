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

  it('may be written as people do', async () => {
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

  it('that is presented again counts as no guess, and one that never was does', async () => {
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
  it('ask for the factor, and void all that were before', async () => {
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
