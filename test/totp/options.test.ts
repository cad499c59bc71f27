import { memoryStore } from 'keywright';
import { createTotp } from 'keywright/totp';
import { describe, expect, it } from 'vitest';
import { failureOf, wrong } from '../support.ts';
import { authenticator, KEY, site } from './support.ts';

const { view: _, ...withoutView } = memoryStore();
const good = { store: memoryStore(), issuer: 'Acme', encryptionKey: KEY };

describe('createTotp', () => {
  it.each<[string, object]>([
    ['store', { store: withoutView }],
    ['store', { store: undefined }],
    ['encryptionKey', { encryptionKey: undefined }],
    ['encryptionKey', { encryptionKey: '' }],
    ['encryptionKey', { encryptionKey: new Uint8Array(31) }],
    ['encryptionKey', { encryptionKey: 'z'.repeat(64) }],
    ['decryptionKeys', { decryptionKeys: KEY }],
    ['decryptionKeys[1]', { decryptionKeys: [KEY, 'short'] }],
    ['issuer', { issuer: undefined }],
    ['issuer', { issuer: '' }],
    ['issuer', { issuer: 'Acme: Inc' }],
    ['issuer', { issuer: 'x'.repeat(51) }],
    ['accountName', { accountName: 'Ada' }],
    ['validForMs', { validForMs: 0 }],
    ['validForMs', { validForMs: 3_600_001 }],
    ['required', { required: 'no' }],
    ['sessionId', { sessionId: 'session' }],
    ['secureCookie', { secureCookie: 1 }],
    ['algorithm', { algorithm: 'MD5' }],
    ['digits', { digits: 7 }],
    ['digits', { digits: '8' }],
    ['clock.now', { clock: {} }],
    ['options.key', { key: KEY }],
  ])('names the option that is wrong: %s', async (argument, change) => {
    const failure = await failureOf(() => createTotp(wrong({ ...good, ...change })));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument });
  });

  it('takes no account name that is no text', async () => {
    for (const name of ['', 7, '\ud800', undefined]) {
      const at = await site({ accountName: () => wrong(name) });
      expect(await at.person().factor('enroll')).toMatchObject({ status: 500 });
      expect(at.errors).toMatchObject([{ code: 'invalid_argument', argument: 'accountName' }]);
      expect(await at.store.head('org_1')).toMatchObject({ sequence: 0 });
    }
  });

  it('makes factors of the algorithm and digits that are asked for, and keeps earlier ones', async () => {
    const store = memoryStore();
    const [plain, other] = [
      await site({ store }),
      await site({ store, algorithm: 'SHA256', digits: 8 }),
    ];
    const enroll = async (at: typeof plain, name: string) => {
      const person = at.person(name);
      const { codeAt } = authenticator((await person.factor('enroll')).factor.uri);
      expect(await person.factor('confirm', codeAt(at.time.now))).toMatchObject({ status: 200 });
      return codeAt;
    };
    const six = await enroll(plain, 'ada');
    const eight = await enroll(other, 'grace');
    for (const at of [plain, other]) {
      at.time.now += 30_000 * (at === plain ? 1 : 2);
      for (const [name, codeAt] of [
        ['ada', six],
        ['grace', eight],
      ] as const) {
        const code = codeAt(at.time.now);
        expect(code).toHaveLength(name === 'ada' ? 6 : 8);
        expect(await at.person(name).factor('verify', code)).toMatchObject({ status: 200 });
      }
    }
  });

  it('fails where the store does, and lets nothing through', async () => {
    const store = memoryStore();
    const broken = { ...store, view: () => Promise.reject(new Error('no database')) };
    const at = await site({ store: broken });
    expect(await at.person().create()).toBe(503);
    expect(await at.person().factor('enroll')).toMatchObject({ status: 503 });
    const failed = { code: 'store_unavailable', cause: { message: 'no database' } };
    expect(at.errors).toMatchObject([failed, failed]);
  });

  it('gives up on a store that answers no read in two seconds', async () => {
    const store = memoryStore();
    const at = await site({ store: { ...store, view: () => new Promise<never>(() => {}) } });
    expect(await at.person().create()).toBe(503);
    expect(at.errors).toMatchObject([{ code: 'store_unavailable' }]);
  });

  it('gives up on a store whose every write is another one’s', async () => {
    const store = memoryStore();
    const at = await site({ store: { ...store, commit: async () => ({ status: 'stale' }) } });
    expect(await at.person().factor('enroll')).toMatchObject({ status: 503 });
    expect(at.errors).toMatchObject([{ code: 'change_contended' }]);
  });
});
