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
});
