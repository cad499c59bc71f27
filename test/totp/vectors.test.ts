import { memoryStore } from 'keywright';
import type { TotpOptions } from 'keywright/totp';
import { describe, expect, it } from 'vitest';
import type { Factor } from '../../src/totp/factor.ts';
import { KeyRing } from '../../src/totp/key-ring.ts';
import { sealFactor } from '../../src/totp/seal.ts';
import { asciiSecret, KEY, putFactor, site } from './support.ts';

/** RFC 6238 appendix B, with the seeds of its reference implementation: one as long as each HMAC. */
const SEEDS = {
  SHA1: '12345678901234567890',
  SHA256: '12345678901234567890123456789012',
  SHA512: '1234567890123456789012345678901234567890123456789012345678901234',
} as const;

const RFC_6238 = [
  [59, '94287082', 'SHA1'],
  [59, '46119246', 'SHA256'],
  [59, '90693936', 'SHA512'],
  [1111111109, '07081804', 'SHA1'],
  [1111111109, '68084774', 'SHA256'],
  [1111111109, '25091201', 'SHA512'],
  [1111111111, '14050471', 'SHA1'],
  [1111111111, '67062674', 'SHA256'],
  [1111111111, '99943326', 'SHA512'],
  [1234567890, '89005924', 'SHA1'],
  [1234567890, '91819424', 'SHA256'],
  [1234567890, '93441116', 'SHA512'],
  [2000000000, '69279037', 'SHA1'],
  [2000000000, '90698825', 'SHA256'],
  [2000000000, '38618901', 'SHA512'],
  [20000000000, '65353130', 'SHA1'],
  [20000000000, '77737706', 'SHA256'],
  [20000000000, '47863826', 'SHA512'],
] as const;

/** RFC 4226 appendix D: the codes for the counters from 0 on, which here are time steps. */
const RFC_4226 = [
  '755224',
  '287082',
  '359152',
  '969429',
  '338314',
  '254676',
  '287922',
  '162583',
  '399871',
  '520489',
];

/** Somebody whose confirmed factor has a known secret, at the given second. */
async function holder(second: number, factor: Pick<Factor, 'secret' | 'algorithm' | 'digits'>) {
  const store = memoryStore();
  const at = await site({ store });
  at.time.now = second * 1000;
  const ref = { owner: 'org_1', actorId: 'user_ada' };
  const whole: Factor = {
    ...{ id: 'known', confirmed: true, begunAt: 0, usedStep: -1, misses: [], blockedUntil: 0 },
    ...{ recovery: [], spent: [], ...factor },
  };
  const ring = new KeyRing([Uint8Array.from(Buffer.from(KEY, 'hex'))]);
  const value = await sealFactor(ring, ref, whole);
  await putFactor(store, ref, value);
  return at.person();
}

describe('the vectors of RFC 6238', () => {
  it.each(RFC_6238)(
    'accepts at %i seconds the code %s with HMAC-%s',
    async (second, code, algorithm) => {
      const secret = asciiSecret(SEEDS[algorithm]);
      const person = await holder(second, { secret, algorithm, digits: 8 });
      const last = code.slice(0, 7) + ((Number(code[7]) + 1) % 10);
      expect(await person.factor('verify', last)).toMatchObject({ status: 403 });
      expect(await person.factor('verify', code.slice(2))).toMatchObject({ status: 403 });
      expect(await person.factor('verify', code)).toMatchObject({ status: 200 });
      expect(await person.factor('verify', code)).toMatchObject({ status: 403 });
    },
  );

  it.each(['SHA1', 'SHA256', 'SHA512'] as const)(
    'uses secrets of the length that is generated for HMAC-%s',
    async (algorithm: NonNullable<TotpOptions['algorithm']>) => {
      const { secret } = (await (await site({ algorithm })).person().factor('enroll')).factor;
      expect(secret).toHaveLength(asciiSecret(SEEDS[algorithm]).length);
    },
  );
});

describe('the vectors of RFC 4226', () => {
  it.each(RFC_4226.map((code, counter) => [counter, code] as const))(
    'at the counter %i, %s passes',
    async (counter, code) => {
      const factor = { secret: asciiSecret(SEEDS.SHA1), algorithm: 'SHA1', digits: 6 } as const;
      const person = await holder(counter * 30 + 29, factor);
      expect(await person.factor('verify', code)).toMatchObject({ status: 200 });
    },
  );
});
