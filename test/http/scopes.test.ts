import { describe, expect, it, vi } from 'vitest';
import { hasScopes, refuseScopes, rememberForbidder } from '../../src/http/scopes.ts';
import type { Principal } from '../../src/record.ts';
import { createApiKeys } from '../../src/service/api-keys.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { tokenFormat } from '../../src/token/format.ts';

const principal = (scopes: string[]): Principal => ({
  keyId: 'key_1',
  name: 'Zapier production',
  owner: 'org_1',
  environment: 'live',
  scopes,
  metadata: {},
});

describe('hasScopes', () => {
  it.each<[string[], string[], boolean]>([
    [[], [], true],
    [['read'], [], true],
    [['read', 'write'], ['write', 'read'], true],
    [['read'], ['read', 'write'], false],
    [[], ['read'], false],
    [['read'], ['rea'], false],
    [['read'], ['Read'], false],
    [['*'], ['read'], false],
    [['read:all'], ['read'], false],
    [[], ['length'], false],
    [['toString'], ['toString'], true],
  ])('of %j, asked for %j, is %s', (scopes, asked, has) => {
    expect(hasScopes({ scopes }, asked)).toBe(has);
  });
});

describe('refuseScopes', () => {
  it('lets a principal with all scopes through', () => {
    expect(refuseScopes(principal(['read', 'write']), ['read'])).toBeUndefined();
    expect(refuseScopes(principal([]), [])).toBeUndefined();
  });

  it('answers for a principal that nobody is remembered for', () => {
    expect(refuseScopes(principal(['read']), ['write'])).toMatchObject({
      status: 403,
      headers: {
        'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope", scope="write"',
      },
    });
  });

  it('asks whoever is remembered for this very principal', () => {
    const mine = principal([]);
    const answer = { status: 403, headers: {}, body: 'no' };
    const forbid = vi.fn(() => answer);
    rememberForbidder(mine, forbid);
    expect(refuseScopes(mine, ['read', 'write'])).toBe(answer);
    expect(forbid.mock.calls).toEqual([[mine, ['read', 'write']]]);
    expect(refuseScopes({ ...mine }, ['read'])).not.toBe(answer);
    expect(forbid).toHaveBeenCalledTimes(1);
  });

  it('asks them where an app has loaded the module twice', async () => {
    const mine = principal([]);
    const answer = { status: 403, headers: {}, body: 'no' };
    rememberForbidder(mine, () => answer);
    vi.resetModules();
    const again = await import('../../src/http/scopes.ts');
    expect(again.refuseScopes).not.toBe(refuseScopes);
    expect(again.refuseScopes(mine, ['read'])).toBe(answer);
    // The name is that of other versions too.
    expect(Reflect.has(globalThis, Symbol.for('keywright.forbidder'))).toBe(true);
  });

  it('answers as the service that authenticated the principal, and tells its hooks', async () => {
    const onEvent = vi.fn();
    const keys = createApiKeys({
      format: tokenFormat({ brand: 'prn', environments: ['live'] }),
      store: memoryStore(),
      unauthorized: { realm: 'proon' },
      clock: { now: () => 5 },
      onEvent,
    });
    const { secret, record } = await keys.create({
      name: 'Zapier production',
      owner: 'org_1',
      environment: 'live',
      actor: { id: 'user_1' },
      scopes: ['read'],
    });
    const result = await keys.authenticate(`Bearer ${secret.reveal()}`);
    if (!result.ok) throw new Error(result.reason);
    onEvent.mockClear();
    expect(refuseScopes(result.principal, ['read'])).toBeUndefined();
    expect(onEvent).not.toHaveBeenCalled();
    const refusal = refuseScopes(result.principal, ['read', 'write']);
    expect(refusal?.headers['WWW-Authenticate']).toBe(
      'Bearer realm="proon", error="insufficient_scope", scope="read write"',
    );
    expect(onEvent.mock.calls).toEqual([
      [
        {
          type: 'refused',
          at: 5,
          reason: 'insufficient_scope',
          keyId: record.id,
          owner: 'org_1',
          environment: 'live',
        },
      ],
    ]);
  });
});
