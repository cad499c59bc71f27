import { Hono } from 'hono';
import type { Principal } from 'keywright';
import { type ApiKeyVariables, apiKeyGuard, principalOf, requireScopes } from 'keywright/hono';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys } from './typed-keys.ts';

describe('keywright/hono', () => {
  it('types the variable of a chain, and of a single route', () => {
    new Hono().use('/api/*', apiKeyGuard(keys)).get('/api/me', (c) => {
      expectTypeOf(c.get('principal')).toEqualTypeOf<Caller>();
      expectTypeOf(c.var.principal).toEqualTypeOf<Caller>();
      return c.json(c.get('principal'));
    });
    new Hono().get('/me', apiKeyGuard(keys), requireScopes('read'), (c) => {
      expectTypeOf(c.get('principal').metadata.plan).toEqualTypeOf<'free' | 'team'>();
      expectTypeOf(principalOf(c)).toEqualTypeOf<Principal>();
      return c.text('ok');
    });
  });

  it('types the variables of an app', () => {
    const app = new Hono<{ Bindings: { KV: string }; Variables: ApiKeyVariables<Caller> }>();
    app.use(apiKeyGuard(keys));
    app.get('/', requireScopes('read'), (c) => {
      expectTypeOf(c.get('principal')).toEqualTypeOf<Caller>();
      expectTypeOf(c.env.KV).toEqualTypeOf<string>();
      expectTypeOf(principalOf(c)).toEqualTypeOf<Principal>();
      return c.text('ok');
    });
    expectTypeOf<ApiKeyVariables['principal']>().toEqualTypeOf<Principal>();
  });
});
