import type { Principal } from '../record.ts';
import type { FastifyReplyLike } from './fastify-reply.ts';
import { type NodeRequest, type NodeResponse, setHeaders } from './node-http.ts';
import type { HeaderSource } from './raw-lines.ts';

/** A request of Express or of Fastify. */
type NestRequest = (NodeRequest | { readonly raw: HeaderSource }) & {
  principal?: Principal;
};

/** A response of Express, or a reply of Fastify. */
export type NestResponse = NodeResponse | FastifyReplyLike;

/** The part of Nest's execution context that a guard uses, so that it fits every platform. */
export interface NestContext {
  getType(): string;
  switchToHttp(): {
    getRequest(): NestRequest;
    getResponse(): NestResponse;
  };
}

/** A guard, for `@UseGuards`, `useGlobalGuards` and `APP_GUARD`. */
export interface NestGuard {
  /** Resolves with `true`, or with `false` outside of HTTP; rejects with the refusal. */
  canActivate(context: NestContext): Promise<boolean>;
}

/** Sets headers of the response. */
export function addHeaders(
  response: NestResponse,
  headers: Readonly<Record<string, string>> | undefined,
): void {
  if ('writeHead' in response) setHeaders(response, headers);
  else response.headers({ ...headers });
}
