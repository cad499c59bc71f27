import { type Context, Hono } from 'hono';
import { type ApiKeyVariables, apiKeyGuard } from 'keywright/hono';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys } from './typed-keys.ts';

interface Env {
  Bindings: { DB: { readonly name: string } };
}

const keysOf = ({ DB }: Env['Bindings']) => (DB.name === '' ? keys : keys);

describe('keywright/hono with bindings', () => {
  it('types the context of a function that returns the keys', () => {
    const guard = apiKeyGuard((c: Context<Env>) => keysOf(c.env));
    new Hono<Env>()
      .use('/api/*', guard)
      .get('/api/me', (c) => {
        expectTypeOf(c.env.DB.name).toEqualTypeOf<string>();
        expectTypeOf(c.get('principal')).toEqualTypeOf<Caller>();
        expectTypeOf(guard.principalOf(c)).toEqualTypeOf<Caller>();
        return c.text('ok');
      })
      .post('/api/orders', guard.requireScopes('write'), (c) => c.text(c.env.DB.name));
    // @ts-expect-error: no scope of the service
    guard.requireScopes('delete');
  });

  it('infers the context where the guard is made in its place', () => {
    const app = new Hono<Env & { Variables: ApiKeyVariables<Caller> }>();
    app.use(
      '/api/*',
      apiKeyGuard((c) => keysOf(c.env)),
    );
    new Hono<Env>()
      .use(
        '/api/*',
        apiKeyGuard((c) => keysOf(c.env)),
      )
      .get('/api/me', (c) => {
        expectTypeOf(c.get('principal')).toEqualTypeOf<Caller>();
        return c.text('ok');
      });
  });
});
