import Router from '@koa/router';
import type { Principal } from 'keywright';
import { type ApiKeyState, apiKeyGuard, principalOf, requireScopes } from 'keywright/koa';
import Koa from 'koa';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys } from './typed-keys.ts';

describe('keywright/koa', () => {
  it('types the state behind the guard', () => {
    const app = new Koa<ApiKeyState<Caller>>();
    app.use(apiKeyGuard(keys));
    app.use(requireScopes('read'));
    app.use((ctx) => {
      expectTypeOf(ctx.state.principal).toEqualTypeOf<Caller>();
      expectTypeOf(principalOf(ctx)).toEqualTypeOf<Principal>();
      ctx.body = ctx.state.principal.owner;
    });
  });

  it('fits an app and a router without types of their own', () => {
    const app = new Koa();
    app.use(apiKeyGuard(keys));
    app.use((ctx) => {
      expectTypeOf(principalOf(ctx)).toEqualTypeOf<Principal>();
    });
    const router = new Router();
    router.get('/:id', apiKeyGuard(keys), requireScopes('read'), (ctx) => {
      expectTypeOf(principalOf(ctx)).toEqualTypeOf<Principal>();
    });
  });
});
