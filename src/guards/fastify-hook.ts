import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '../record.ts';
import type { Authentication } from '../service/contract.ts';
import type { AnyPrincipal, Authenticate } from './contract.ts';
import { failureOf, whenSettled } from './failure.ts';
import { type FastifyReplyLike, sendRefusal } from './fastify-reply.ts';
import { presentPrincipal } from './principal.ts';
import type { HeaderSource } from './raw-lines.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The principal of the request. Without a guard, reading it throws `principal_missing`. */
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

/** The marks of fastify-plugin: Fastify adds the hooks to the scope itself, not to a nested one. */
export const scopePlugin = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'keywright',
  [Symbol.for('plugin-meta')]: { name: 'keywright', fastify: '5.x' },
};

const PRINCIPAL = Symbol('keywright.principal');

type DecoratedRequest = FastifyRequest & { [PRINCIPAL]?: Principal };

/** Declares `principal` on the requests of a scope, once. Nested scopes inherit it. */
export function decoratePrincipal(app: FastifyInstance): void {
  if (app.hasRequestDecorator('principal')) return;
  app.decorateRequest('principal', {
    getter(this: DecoratedRequest) {
      return presentPrincipal(this[PRINCIPAL]);
    },
    setter(this: DecoratedRequest, principal: Principal) {
      this[PRINCIPAL] = principal;
    },
  });
}

/**
 * Creates the hook of a guard from its `authenticate`.
 *
 * The hook calls back instead of returning a promise. After an async hook, Fastify runs the handler. A
 * reply that an async hook returns also resolves if the client disconnects before an `onSend` hook of the
 * application is done.
 */
export function guardHook(
  authenticate: Authenticate<AnyPrincipal, HeaderSource, [request: FastifyRequest]>,
): ApiKeyHook {
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
    const proceed = (result: Authentication<AnyPrincipal>): void => {
      try {
        answer(result);
      } catch (reason) {
        fail(reason);
        return;
      }
      if (result.ok) done();
    };
    whenSettled(authenticate(request.raw, request as FastifyRequest), proceed, fail);
  };
}
