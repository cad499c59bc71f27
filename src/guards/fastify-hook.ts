import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '../record.ts';
import type { Authentication } from '../service/contract.ts';
import type { AnyPrincipal, Authenticate } from './contract.ts';
import { failureOf, settling } from './failure.ts';
import { type FastifyReplyLike, sendRefusal } from './fastify-reply.ts';
import { presentPrincipal } from './principal.ts';
import { authorizationLines, type HeaderSource } from './raw-lines.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the request speaks for. Behind no guard, reading it throws `principal_missing`. */
    principal: Principal;
  }
}

/** The part of a request that the hooks use, so that they fit every server and type provider. */
export interface HookRequest {
  readonly raw: HeaderSource;
  principal: Principal;
}

/** A hook for `onRequest`, `preValidation` or `preHandler`. */
export type ApiKeyHook = (
  request: HookRequest,
  reply: FastifyReplyLike,
  done: (error?: Error) => void,
) => void;

/** What fastify-plugin marks a plugin with: its hooks go to the scope itself, not to one inside it. */
export const scopePlugin = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'keywright',
  [Symbol.for('plugin-meta')]: { name: 'keywright', fastify: '5.x' },
};

const PRINCIPAL = Symbol('keywright.principal');

type Held = FastifyRequest & { [PRINCIPAL]?: Principal };

/** Gives the requests of a scope their `principal`, once; a scope inside it has it from there. */
export function decoratePrincipal(app: FastifyInstance): void {
  if (app.hasRequestDecorator('principal')) return;
  app.decorateRequest('principal', {
    getter(this: Held) {
      return presentPrincipal(this[PRINCIPAL]);
    },
    setter(this: Held, principal: Principal) {
      this[PRINCIPAL] = principal;
    },
  });
}

/**
 * The hook that lets in whom `authenticate` knows.
 *
 * It calls back, and is no async hook: on one of those, Fastify goes on to the handler once its
 * promise has resolved, and a reply that is returned from it resolves too when the client hangs up
 * before an `onSend` hook of the host is done.
 */
export function guardHook(authenticate: Authenticate): ApiKeyHook {
  return (request, reply, done) => {
    const answer = (result: Authentication<AnyPrincipal>): void => {
      if (!result.ok) {
        sendRefusal(reply, result.refusal);
        return;
      }
      request.principal = result.principal as Principal;
      if (result.headers) reply.headers(result.headers);
    };
    const fail = (reason: unknown): void => done(failureOf(reason));
    const settle = (result: Authentication<AnyPrincipal>): void => {
      try {
        answer(result);
      } catch (reason) {
        fail(reason);
        return;
      }
      if (result.ok) done();
    };
    settling(authenticate(authorizationLines(request.raw)), settle, fail);
  };
}
