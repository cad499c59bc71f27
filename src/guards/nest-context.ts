import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { type FastifyReplyLike, sendRefusal } from './fastify-reply.ts';
import { answer, type NodeRequest, type NodeResponse, setHeaders } from './node-http.ts';
import type { HeaderSource } from './raw-lines.ts';

/** A request of Express or of Fastify. */
export type NestRequest = (NodeRequest | { readonly raw: HeaderSource }) & {
  principal?: Principal;
};

/** A response of Express, or a reply of Fastify. */
export type NestResponse = NodeResponse | FastifyReplyLike;

/** The part of Nest's execution context that a guard uses, so that no type of Nest's is needed. */
export interface NestContext {
  getType(): string;
  switchToHttp(): {
    getRequest(): NestRequest;
    getResponse(): NestResponse;
  };
}

/** A guard, for `@UseGuards`, `useGlobalGuards` and `APP_GUARD`. */
export interface NestGuard {
  /** Whether the route goes on. Where it does not, the refusal has been sent, or Nest answers 403. */
  canActivate(context: NestContext): Promise<boolean>;
}

/** A guard that judges requests over HTTP, and lets nobody in who comes over anything else. */
export function httpGuard(
  judge: (request: NestRequest, response: NestResponse) => Promise<HttpRefusal | undefined>,
): NestGuard {
  return {
    async canActivate(context) {
      if (context.getType() !== 'http') return false;
      const http = context.switchToHttp();
      const refusal = await judge(http.getRequest(), http.getResponse());
      return refusal === undefined || refuse(context, refusal);
    },
  };
}

/** Adds to what will be answered. */
export function addHeaders(
  response: NestResponse,
  headers: Readonly<Record<string, string>> | undefined,
): void {
  if ('writeHead' in response) setHeaders(response, headers);
  else response.headers({ ...headers });
}

/**
 * Answers with a refusal, and gives a promise that stays pending: to Nest, `false` and an exception
 * both mean an answer of its own, which exception filters of the host would write over this one.
 */
function refuse(context: NestContext, refusal: HttpRefusal): Promise<never> {
  const http = context.switchToHttp();
  const request = http.getRequest();
  const response = http.getResponse();
  if ('writeHead' in response) answer(request as NodeRequest, response, refusal);
  else sendRefusal(response, refusal);
  return new Promise(() => {});
}
