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
    const guard = apiKeyGuard(keys);
    expectTypeOf(guard).parameters.toEqualTypeOf<[event: AuthorizerEvent]>();
    expectTypeOf(guard).returns.resolves.toEqualTypeOf<AuthorizerPolicy | SimpleResponse>();
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
});
