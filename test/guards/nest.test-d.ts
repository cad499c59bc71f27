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
});
