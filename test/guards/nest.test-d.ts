import { type CanActivate, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import type { FastifyRequest } from 'fastify';
import type { Principal } from 'keywright';
import { ApiPrincipal, apiKeyGuard, principalOf, requireScopes } from 'keywright/nest';
import { describe, expectTypeOf, it } from 'vitest';
import { keys } from './typed-keys.ts';

describe('keywright/nest', () => {
  it('makes guards and a parameter decorator of Nest', () => {
    expectTypeOf(apiKeyGuard(keys)).toExtend<CanActivate>();
    UseGuards(apiKeyGuard(keys), requireScopes('read'));
    expectTypeOf(ApiPrincipal()).toEqualTypeOf<ParameterDecorator>();
  });

  it('types the principal of a request of Express and of Fastify', () => {
    expectTypeOf(principalOf).returns.toEqualTypeOf<Principal>();
    const read = (express: Request, fastify: FastifyRequest) => {
      principalOf(express);
      principalOf(fastify);
    };
    expectTypeOf(read).toBeFunction();
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
