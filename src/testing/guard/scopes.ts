import { generateToken } from '../../token/generate.ts';
import { assertEqual } from '../assert.ts';
import { insufficientScope, UNAUTHORIZED } from './answers.ts';
import { assertAdmitted, assertRefused } from './assertions.ts';
import { actor, bearer, format, onStage, type Topic } from './stage.ts';

const WRITE = 'orders:write orders:read';

/** RFC 6750 §3.1: 403 is only for a valid key that lacks a scope. */
export const scopes: Topic = {
  'answers 403 if the key lacks a scope that the guard requires': onStage(async (stage) => {
    const expected = insufficientScope('orders:read');
    const { token } = await stage.issue({ scopes: ['orders', 'orders:reader', 'orders:write'] });
    for (const lines of [[bearer(stage.caller.token)], [bearer(token)]]) {
      await assertRefused(stage, { path: '/read', lines }, expected, 'insufficient_scope');
    }
  }),

  'answers 403 if the key lacks a scope that requireScopes requires': onStage(async (stage) => {
    const { token } = await stage.issue({ scopes: ['orders:write'] });
    for (const lines of [[bearer(stage.caller.token)], [bearer(token)]]) {
      const request = { path: '/write', lines };
      await assertRefused(stage, request, insufficientScope(WRITE), 'insufficient_scope');
    }
  }),

  'passes the key that lacks the scope to the hook': onStage(async (stage) => {
    const { token, principal } = await stage.issue({ owner: 'org_2' });
    for (const path of ['/read', '/write']) {
      const scopes = path === '/read' ? 'orders:read' : WRITE;
      const request = { path, lines: [bearer(token)] };
      await assertRefused(stage, request, insufficientScope(scopes), 'insufficient_scope');
      const { keyId, owner } = { keyId: '', owner: '', ...stage.events.at(-1) };
      assertEqual({ keyId, owner }, { keyId: principal.keyId, owner: 'org_2' }, 'the key');
    }
  }),

  'accepts a key that has the scopes': onStage(async (stage) => {
    const caller = await stage.issue({ scopes: ['orders:write', 'other', 'orders:read'] });
    for (const path of ['/open', '/read', '/write', '/strict']) {
      await assertAdmitted(stage, { path, lines: [bearer(caller.token)] }, caller);
    }
  }),

  'requires the scopes of both the guard and requireScopes': onStage(async (stage) => {
    const path = '/strict';
    const reader = await stage.issue({ scopes: ['orders:read'] });
    const read = { path, lines: [bearer(reader.token)] };
    await assertRefused(stage, read, insufficientScope('orders:write'), 'insufficient_scope');
    const writer = await stage.issue({ scopes: ['orders:write'] });
    const write = { path, lines: [bearer(writer.token)] };
    await assertRefused(stage, write, insufficientScope('orders:read'), 'insufficient_scope');
  }),

  'answers 401 before 403': onStage(async (stage) => {
    const revoked = await stage.issue();
    await stage.keys.revoke(revoked.principal.keyId, { actor });
    const elsewhere = await stage.issue({ environment: 'test' });
    for (const path of ['/read', '/write', '/strict']) {
      const refuse = (lines: ReturnType<typeof bearer>[], reason: 'absent' | 'repeated') =>
        assertRefused(stage, { path, lines }, UNAUTHORIZED, reason);
      await refuse([], 'absent');
      await refuse([bearer(`${stage.caller.token}, Bearer ${stage.caller.token}`)], 'repeated');
      for (const [token, reason] of [
        [`${stage.caller.token}a`, 'malformed'],
        [generateToken(format, 'live'), 'unknown'],
        [revoked.token, 'revoked'],
        [elsewhere.token, 'environment'],
      ] as const) {
        await assertRefused(stage, { path, lines: [bearer(token)] }, UNAUTHORIZED, reason);
      }
    }
  }),
};
