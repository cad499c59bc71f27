import { Elysia, t } from 'elysia';
import type { Principal } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/elysia';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys } from './typed-keys.ts';

describe('keywright/elysia', () => {
  it('types the principal of the context', () => {
    new Elysia()
      .derive(apiKeyGuard(keys))
      .get('/me', (context) => {
        expectTypeOf(context.principal).toEqualTypeOf<Caller>();
        expectTypeOf(principalOf(context)).toEqualTypeOf<Principal>();
        return context.principal.owner;
      })
      .post('/:id', ({ principal, params }) => `${principal.owner} ${params.id}`, {
        beforeHandle: requireScopes('write'),
        params: t.Object({ id: t.Number() }),
        response: t.String(),
      });
  });

  it('types it where derive reaches further', () => {
    const guard = new Elysia().derive({ as: 'scoped' }, apiKeyGuard(keys));
    new Elysia().use(guard).get('/', ({ principal }) => {
      expectTypeOf(principal).toEqualTypeOf<Caller>();
      return principal.owner;
    });
    new Elysia().get('/', (context) => {
      // @ts-expect-error: no guard stands before it
      return context.principal;
    });
  });
});
