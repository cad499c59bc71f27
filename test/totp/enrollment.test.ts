import decodeQR from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { actionsOf, authenticator, enrolled, site, wrongCode } from './support.ts';

const MINUTE = 60_000;

/** The pixels of an SVG of black rectangles on a white one: what a camera would see of it. */
function drawn(svg: string) {
  const [, side = ''] = /viewBox="0 0 (\d+) \1"/.exec(svg) ?? [];
  const [, white = '', black = ''] =
    /^<svg [^>]*><path fill="#fff" d="([^"]+)"\/><path fill="#000" d="([^"]+)"\/><\/svg>$/.exec(
      svg,
    ) ?? [];
  expect(white).toBe(`M0 0h${side}v${side}H0z`);
  const scale = 4;
  const width = Number(side) * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, run] of black.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let row = 0; row < scale; row++) {
      for (let column = 0; column < Number(run) * scale; column++) {
        const pixel = (Number(y) * scale + row) * width + Number(x) * scale + column;
        data.fill(0, pixel * 4, pixel * 4 + 3);
      }
    }
  }
  return { width, height: width, data };
}

describe('an enrollment', () => {
  it('shows a QR code that holds the address, and the address what is shown', async () => {
    const at = await site();
    const { status, headers, factor } = await at.person().factor('enroll');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(decodeQR(drawn(factor.qrCode))).toBe(factor.uri);
    const { totp } = authenticator(factor.uri);
    expect(totp).toMatchObject({
      ...{ issuer: 'Acme', label: 'ada@example.com', algorithm: 'SHA1', digits: 6, period: 30 },
    });
    expect(totp.secret.base32).toBe(factor.secret);
    expect(totp.secret.bytes).toHaveLength(20);
  });

  it('makes a QR code that a camera reads, with the longest names', async () => {
    const at = await site({
      issuer: '🔑'.repeat(50),
      algorithm: 'SHA512',
      digits: 8,
      accountName: () => 'é:'.repeat(500),
    });
    const { factor } = await at.person().factor('enroll');
    expect(decodeQR(drawn(factor.qrCode))).toBe(factor.uri);
    const { totp } = authenticator(factor.uri);
    expect(totp).toMatchObject({ issuer: '🔑'.repeat(50), label: 'é '.repeat(30) });
    expect(totp).toMatchObject({ algorithm: 'SHA512', digits: 8 });
  });

  it.each([
    [{}, 'ada', 'ada@example.com'],
    [{}, 'grace', 'user_grace'],
    [{ accountName: () => 'Ada L.' }, 'ada', 'Ada L.'],
  ])('names the account: %j', async (options, name, label) => {
    const { factor } = await (await site(options)).person(name).factor('enroll');
    expect(authenticator(factor.uri).totp.label).toBe(label);
  });

  it('counts once a code has confirmed it, and gives recovery codes then', async () => {
    const at = await site();
    const person = at.person();
    expect(await person.status()).toMatchObject({ enrolled: false });
    const { uri } = (await person.factor('enroll')).factor;
    expect(await person.status()).toMatchObject({ enrolled: false });
    expect(await person.factor('verify', '000000')).toMatchObject({ status: 409 });
    expect(await person.create()).toBe(403);
    const confirmed = await person.factor('confirm', authenticator(uri).codeAt(at.time.now));
    expect(confirmed.factor.recoveryCodes).toHaveLength(10);
    expect(new Set(confirmed.factor.recoveryCodes).size).toBe(10);
    expect(await person.status()).toMatchObject({ enrolled: true, recoveryCodesLeft: 10 });
    expect(await person.create()).toBe(201);
    expect(await actionsOf(at.store)).toEqual(['factor.begun', 'factor.enrolled', 'key.created']);
  });

  it('shows the secret of one that is pending again, and leaves no further event', async () => {
    const at = await site();
    const person = at.person();
    const { factor } = await person.factor('enroll');
    const again = await Promise.all(Array.from({ length: 20 }, () => person.factor('enroll')));
    for (const answer of again) expect(answer.factor).toEqual(factor);
    at.time.now += 15 * MINUTE - 1;
    expect((await person.factor('enroll')).factor).toEqual(factor);
    expect(await actionsOf(at.store)).toEqual(['factor.begun']);
    at.time.now += 1;
    expect((await person.factor('enroll')).factor.secret).not.toBe(factor.secret);
    expect(await actionsOf(at.store)).toEqual(['factor.begun', 'factor.begun']);
  });

  it('leaves one event where a thousand are begun by somebody who may do nothing', async () => {
    const at = await site();
    const person = at.person('newcomer');
    for (let i = 0; i < 1000; i++) {
      expect(await person.factor('enroll')).toMatchObject({ status: 200 });
    }
    expect(await actionsOf(at.store)).toEqual(['factor.begun']);
  });

  it('begins ten times an hour at most, even if it is confirmed and removed', async () => {
    const at = await site();
    const person = at.person();
    const grace = at.person('grace');
    for (let i = 0; i < 10; i++) {
      const { uri } = (await person.factor('enroll')).factor;
      const code = authenticator(uri).codeAt(at.time.now);
      expect(await person.factor('confirm', code)).toMatchObject({ status: 200 });
      expect(await person.factor('disable')).toMatchObject({ status: 200 });
      at.time.now += MINUTE;
    }
    const limited = { status: 429, json: { error: 'too_many_attempts' } };
    const refused = await person.factor('enroll');
    expect(refused).toMatchObject(limited);
    expect(refused.headers.get('retry-after')).toBe(String(50 * 60));
    expect(await grace.factor('enroll')).toMatchObject({ status: 200 });
    at.time.now += 50 * MINUTE - 1;
    expect(await person.factor('enroll')).toMatchObject(limited);
    at.time.now += 1;
    expect(await person.factor('enroll')).toMatchObject({ status: 200 });
  });

  it('never replaces a confirmed factor, by any step', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    expect(await person.factor('enroll')).toMatchObject({ json: { error: 'step_up_required' } });
    await person.factor('verify', code());
    const before = await actionsOf(at.store);
    expect(await person.factor('enroll')).toMatchObject({ json: { error: 'already_enrolled' } });
    expect(await person.factor('confirm', code())).toMatchObject({
      json: { error: 'already_enrolled' },
    });
    expect(await actionsOf(at.store)).toEqual(before);
  });

  it('is confirmed within a quarter of an hour, or not', async () => {
    const at = await site();
    const person = at.person();
    const { uri } = (await person.factor('enroll')).factor;
    at.time.now += 15 * MINUTE;
    const late = await person.factor('confirm', authenticator(uri).codeAt(at.time.now));
    expect(late).toMatchObject({ status: 409, json: { error: 'not_enrolled' } });
    at.time.now -= 1;
    const code = authenticator(uri).codeAt(at.time.now);
    expect(await person.factor('confirm', code)).toMatchObject({ status: 200 });
  });

  it('counts wrong codes, also over one that begins anew', async () => {
    const at = await site();
    const person = at.person();
    for (let i = 0; i < 5; i++) {
      const { uri } = (await person.factor('enroll')).factor;
      const wrong = await person.factor('confirm', wrongCode(uri, at.time.now));
      expect(wrong).toMatchObject({ status: 403, json: { error: 'wrong_code' } });
    }
    const { uri } = (await person.factor('enroll')).factor;
    const blocked = await person.factor('confirm', authenticator(uri).codeAt(at.time.now));
    expect(blocked).toMatchObject({ status: 429, json: { error: 'too_many_attempts' } });
    at.time.now += 30_000;
    const code = authenticator(uri).codeAt(at.time.now);
    expect(await person.factor('confirm', code)).toMatchObject({ status: 200 });
  });

  it('is of one actor of one owner', async () => {
    const at = await site();
    await enrolled(at);
    expect(await at.person('grace').status()).toMatchObject({ enrolled: false });
    expect(await at.person('mallory').status()).toMatchObject({ enrolled: false });
  });
});
