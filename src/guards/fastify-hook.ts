import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import type { Authenticate } from './authenticator.ts';
import { failureOf, surface } from './failure.ts';
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

export interface HookReply {
  code(status: number): unknown;
  headers(values: Readonly<Record<string, string>>): unknown;
  serializer(serialize: (payload: string) => string): unknown;
  send(payload: never): unknown;
}

/** A hook for `onRequest`, `preValidation` or `preHandler`. */
export type ApiKeyHook = (
  request: HookRequest,
  reply: HookReply,
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
    authenticate(authorizationLines(request.raw))
      .then((result) => {
        if (result.ok) request.principal = result.principal;
        else refuse(reply, result.refusal);
        return result.ok;
      })
      .then(
        (admitted) => {
          if (admitted) done();
        },
        (reason: unknown) => done(failureOf(reason)),
      )
      .catch(surface);
  };
}

/** Sends a refusal byte for byte, through the host's own `onSend` hooks. */
export function refuse(reply: HookReply, { status, headers, body }: HttpRefusal): void {
  reply.code(status);
  reply.headers(headers);
  // One of the reply's own, as a serializer that an earlier hook has set would rewrite the text.
  reply.serializer((text) => text);
  // The type of a route's reply is that of its own answers, and this is none of them.
  reply.send(body as never);
}
