import { describe, expect, it, vi } from 'vitest';
import type { Principal } from '../../src/record.ts';
import { createApiKeys } from '../../src/service/api-keys.ts';
import { Handles, refuseScopes } from '../../src/service/handle.ts';
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

/** The parts of a handle that no test here uses. */
const unused = {
  service: undefined as never,
  prepare: () => {
    throw new Error('not called');
  },
};

describe('refuseScopes', () => {
  it('returns nothing for a principal that has all scopes', () => {
    expect(refuseScopes(principal(['read', 'write']), ['read'])).toBeUndefined();
    expect(refuseScopes(principal([]), [])).toBeUndefined();
  });

  it('answers with the default 403 for a principal of no known service', () => {
    expect(refuseScopes(principal(['read']), ['write'])).toMatchObject({
      status: 403,
      headers: {
        'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope", scope="write"',
      },
    });
  });

  it('uses the service of this very principal, and not of a copy', () => {
    const mine = principal([]);
    const answer = { status: 403, headers: {}, body: 'no' };
    const forbid = vi.fn(() => answer);
    Handles.attach(mine, { ...unused, forbid });
    expect(refuseScopes(mine, ['read', 'write'])).toBe(answer);
    expect(forbid.mock.calls).toEqual([[mine, ['read', 'write']]]);
    expect(refuseScopes({ ...mine }, ['read'])).not.toBe(answer);
    expect(forbid).toHaveBeenCalledTimes(1);
  });

  it('finds the service if an application has loaded the module twice', async () => {
    const mine = principal([]);
    const answer = { status: 403, headers: {}, body: 'no' };
    Handles.attach(mine, { ...unused, forbid: () => answer });
    vi.resetModules();
    const again = await import('../../src/service/handle.ts');
    expect(again.refuseScopes).not.toBe(refuseScopes);
    expect(again.refuseScopes(mine, ['read'])).toBe(answer);
    // The name is that of other versions too.
    expect(Reflect.has(globalThis, Symbol.for('keywright.handle'))).toBe(true);
  });

  it('answers as the service that authenticated the principal, and emits its event', async () => {
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
