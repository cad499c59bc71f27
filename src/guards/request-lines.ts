import type { AuthorizationLines } from '../http/credentials.ts';
import { authorizationLines, type HeaderSource } from './raw-lines.ts';
import { type WebRequest, webLines } from './web-lines.ts';

/** A request of `node:http` and what is built on it, of Fastify, or on Web standards. */
export type AnyRequest = HeaderSource | { readonly raw: HeaderSource } | WebRequest;

/** The Authorization lines of a request, whichever of the three it is; raw where it has them. */
export function requestLines(request: AnyRequest): AuthorizationLines {
  if ('raw' in request) return authorizationLines(request.raw);
  return isWeb(request) ? webLines(request) : authorizationLines(request);
}

function isWeb(request: HeaderSource | WebRequest): request is WebRequest {
  return typeof (request as WebRequest).headers.get === 'function';
}
