import {
  type ActivityEvent,
  type ChainHead,
  createApiKeys,
  digestsEqual,
  digestToken,
  type ErrorCode,
  type HttpRefusal,
  hasCode,
  type KeyStore,
  KeywrightError,
  type KeywrightEvent,
  memoryStore,
  type Principal,
  parseAuthorization,
  type RefusalReason,
  type Secret,
  tokenFormat,
  unauthorized,
} from 'keywright';
import { describe, expectTypeOf, it } from 'vitest';

const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live'] }),
  store: memoryStore(),
});
const actor = { id: 'user_1' };

type Resolved<Name extends keyof typeof keys> = (typeof keys)[Name] extends (
  ...args: never[]
) => Promise<infer Value>
  ? Value
  : never;

describe('a result', () => {
  it('of verify narrows by `ok`', () => {
    const check = (result: Resolved<'verify'>) => {
      // @ts-expect-error nothing is known before `ok` is asked for
      void result.principal;
      if (result.ok) {
        expectTypeOf(result.principal).toEqualTypeOf<Principal<'live'>>();
        // @ts-expect-error a success has no reason
        void result.reason;
      } else {
        expectTypeOf(result.reason).toEqualTypeOf<RefusalReason>();
        // @ts-expect-error a refusal has no principal
        void result.principal;
      }
    };
    expectTypeOf(check).returns.toBeVoid();
  });

  it('of authenticate narrows by `ok`, to the answer to send', () => {
    const check = (result: Resolved<'authenticate'>) => {
      if (result.ok) expectTypeOf(result.principal.scopes).toEqualTypeOf<readonly string[]>();
      else expectTypeOf(result.refusal).toEqualTypeOf<HttpRefusal>();
    };
    expectTypeOf(check).returns.toBeVoid();
  });

  it('of verifyActivity narrows by `ok`', () => {
    const check = (report: Resolved<'verifyActivity'>) => {
      if (report.ok) {
        expectTypeOf(report.head).toEqualTypeOf<ChainHead>();
        expectTypeOf(report.erased).toEqualTypeOf<number>();
      } else {
        expectTypeOf(report.reason).toEqualTypeOf<'missing' | 'altered'>();
        expectTypeOf(report.sequence).toEqualTypeOf<number>();
        expectTypeOf(report.event).toEqualTypeOf<ActivityEvent | undefined>();
      }
    };
    expectTypeOf(check).returns.toBeVoid();
  });

  it('of create and rotate holds a secret that is no text', () => {
    expectTypeOf<Resolved<'create'>['secret']>().toEqualTypeOf<Secret>();
    expectTypeOf<Resolved<'rotate'>['secret']>().toEqualTypeOf<Secret>();
    expectTypeOf<Secret>().not.toExtend<string>();
    expectTypeOf<Secret['reveal']>().returns.toEqualTypeOf<string>();
  });

  it('has no digest of a token in it', () => {
    expectTypeOf<Resolved<'create'>['record']>().not.toHaveProperty('digest');
    expectTypeOf<NonNullable<Resolved<'get'>>>().not.toHaveProperty('digest');
  });
});

describe('an event', () => {
  it('narrows by its type', () => {
    const onEvent = (event: KeywrightEvent) => {
      if (event.type === 'verified') expectTypeOf(event.keyId).toEqualTypeOf<string>();
      if (event.type === 'refused') {
        expectTypeOf(event.reason).toEqualTypeOf<RefusalReason>();
        expectTypeOf(event.keyId).toEqualTypeOf<string | undefined>();
        expectTypeOf(event.error).toEqualTypeOf<unknown>();
      }
      // @ts-expect-error an event never has a token
      void event.token;
    };
    expectTypeOf(onEvent).returns.toBeVoid();
  });
});

describe('a small function', () => {
  it('takes and gives what it says', () => {
    expectTypeOf(digestToken).toEqualTypeOf<(token: string) => string>();
    expectTypeOf(digestsEqual).toEqualTypeOf<(a: string, b: string) => boolean>();
    expectTypeOf(parseAuthorization).returns.toEqualTypeOf<string | undefined>();
    expectTypeOf(unauthorized).returns.toEqualTypeOf<HttpRefusal>();
    expectTypeOf(memoryStore).returns.toEqualTypeOf<KeyStore>();
    expectTypeOf(hasCode).parameter(1).toEqualTypeOf<ErrorCode>();
    expectTypeOf(new KeywrightError('key_revoked', 'x').code).toEqualTypeOf<ErrorCode>();
    // @ts-expect-error no code of the library
    hasCode(new Error('x'), 'key_gone');
    // @ts-expect-error a number is no token
    digestToken(5);
  });
});

describe('a wrong call', () => {
  it('is refused by the compiler', () => {
    const key = { name: 'Zapier', owner: 'org_1', environment: 'live', actor } as const;
    // @ts-expect-error who does it?
    void keys.create({ name: 'Zapier', owner: 'org_1', environment: 'live' });
    // @ts-expect-error an actor has an id
    void keys.create({ ...key, actor: { name: 'Ops' } });
    void keys.create({ ...key, expiresAt: new Date() });
    // @ts-expect-error an expiry is a moment
    void keys.create({ ...key, expiresAt: '2030-01-01' });
    // @ts-expect-error metadata is JSON
    void keys.create({ ...key, metadata: { at: new Date() } });
    // @ts-expect-error scopes are a list
    void keys.create({ ...key, scopes: 'read' });
    // @ts-expect-error a key is not created disabled
    void keys.create({ ...key, enabled: false });
    // @ts-expect-error who does it?
    void keys.revoke('key_1');
    // @ts-expect-error who does it?
    void keys.update('key_1', { name: 'Other' });
    // @ts-expect-error an owner is not changed
    void keys.update('key_1', { owner: 'org_2' }, { actor });
    // @ts-expect-error nothing takes a revocation back
    void keys.update('key_1', { revokedAt: undefined }, { actor });
    // @ts-expect-error a grace is milliseconds
    void keys.rotate('key_1', { actor, graceMs: '5m' });
    // @ts-expect-error whose keys?
    void keys.list({});
    // @ts-expect-error no state of a key
    void keys.list({ owner: 'org_1', state: 'alive' });
    // @ts-expect-error no action of the log
    void keys.activity({ owner: 'org_1', action: 'key.made' });
    // @ts-expect-error a head has a digest
    void keys.verifyActivity({ owner: 'org_1', expectedHead: { sequence: 1 } });
    // @ts-expect-error the owner is fixed already
    void keys.forOwner('org_1').create({ ...key, owner: 'org_2' });
  });

  it('forbids changes of a record', () => {
    const change = (record: Resolved<'create'>['record']) => {
      // @ts-expect-error it is read-only
      record.owner = 'org_2';
      // @ts-expect-error and so are its parts
      record.scopes.push('admin');
    };
    expectTypeOf(change).returns.toBeVoid();
  });

  it('of an option is refused too', () => {
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    const store = memoryStore();
    // @ts-expect-error where do keys live?
    createApiKeys({ format });
    // @ts-expect-error what do tokens look like?
    createApiKeys({ store });
    // @ts-expect-error a format comes from tokenFormat
    createApiKeys({ format: { brand: 'prn' }, store });
    // @ts-expect-error a timeout is milliseconds
    createApiKeys({ format, store, storeTimeoutMs: '2s' });
    // @ts-expect-error no such option
    createApiKeys({ format, store, cache: true });
    // @ts-expect-error no such checksum
    tokenFormat({ brand: 'prn', environments: ['live'], checksum: 'md5' });
    // @ts-expect-error no such option
    unauthorized({ manageURL: 'https://www.proon.ai' });
  });
});
