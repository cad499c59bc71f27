import { H3 } from 'h3';
import type { Principal } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/h3';
import { describe, expectTypeOf, it } from 'vitest';
import { keys } from './typed-keys.ts';

describe('keywright/h3', () => {
  it('types the principal of the context, which may be absent', () => {
    const app = new H3().use('/api/**', apiKeyGuard(keys));
    app.get('/api/me', (event) => {
      expectTypeOf(event.context.principal).toEqualTypeOf<Principal | undefined>();
      expectTypeOf(principalOf(event)).toEqualTypeOf<Principal>();
      return principalOf(event).owner;
    });
    const middleware = [apiKeyGuard(keys), requireScopes('read')];
    app.post('/orders', () => 'created', { middleware });
  });

  it('refuses wrong options', () => {
    // @ts-expect-error: the option is `scopes`
    apiKeyGuard(keys, { scope: ['read'] });
    // @ts-expect-error: no environment of the format
    apiKeyGuard(keys, { environments: ['prod'] });
    // @ts-expect-error: no scope of the service
    apiKeyGuard(keys, { scopes: ['delete'] });
    // @ts-expect-error: no list
    apiKeyGuard(keys, { scopes: 'read' });
    // @ts-expect-error: no service
    apiKeyGuard({});
    // @ts-expect-error: a scope is a text
    requireScopes(['read']);
    apiKeyGuard(keys, { scopes: ['read'], environments: ['test'] });
  });
});
