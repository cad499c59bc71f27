import type { Principal } from 'keywright';
import {
  type AuthorizedEvent,
  type AuthorizerEvent,
  type AuthorizerPolicy,
  apiKeyGuard,
  type ProxyResult,
  principalOf,
  requireScopes,
  type SimpleResponse,
} from 'keywright/lambda';
import { describe, expectTypeOf, it } from 'vitest';
import { keys } from './typed-keys.ts';

/** As `@types/aws-lambda` has it. */
interface ProxyEvent extends AuthorizedEvent {
  readonly pathParameters: Record<string, string | undefined> | null;
}

describe('keywright/lambda', () => {
  it('makes the handler of an authorizer', () => {
    expectTypeOf(apiKeyGuard(keys)).toEqualTypeOf<
      (event: AuthorizerEvent) => Promise<AuthorizerPolicy | SimpleResponse>
    >();
    apiKeyGuard(keys, { response: 'policy' });
    // @ts-expect-error: no such form
    apiKeyGuard(keys, { response: 'json' });
  });

  it('keeps the types of the function behind it', () => {
    const handler = requireScopes('read')((event: ProxyEvent, n: number) => ({
      body: `${event.pathParameters?.id} ${n}`,
    }));
    expectTypeOf(handler).toEqualTypeOf<
      (event: ProxyEvent, n: number) => Promise<{ body: string } | ProxyResult>
    >();
    expectTypeOf(principalOf).returns.toEqualTypeOf<Principal>();
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
