import { server } from '@hapi/hapi';
import type { Principal } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/hapi';
import { describe, expectTypeOf, it } from 'vitest';
import { keys } from './typed-keys.ts';

describe('keywright/hapi', () => {
  it('types the principal of the credentials, which may be absent', () => {
    const app = server();
    app.auth.scheme('api-key', apiKeyGuard(keys));
    app.route({
      method: 'GET',
      path: '/me',
      options: {
        ext: { onCredentials: { method: requireScopes('read') } },
        pre: [requireScopes('write'), { method: requireScopes('write') }],
      },
      handler: (request) => {
        expectTypeOf(request.auth.credentials.principal).toEqualTypeOf<Principal | undefined>();
        expectTypeOf(principalOf(request)).toEqualTypeOf<Principal>();
        return principalOf(request).owner;
      },
    });
  });

  it('leaves other schemes their own credentials', () => {
    server().auth.scheme('session', () => ({
      authenticate: (_request, h) => h.authenticated({ credentials: { user: {} } }),
    }));
  });
});
