import type { AuthorizationLines } from '../http/credentials.ts';
import { fieldLines, type HeaderSource } from './raw-lines.ts';
import { type WebRequest, webLines } from './web-lines.ts';

/** A request of `node:http` or a framework on it, of Fastify, or on Web standards. */
export type AnyRequest = HeaderSource | { readonly raw: HeaderSource } | WebRequest;

/** Returns the field lines of one header of any of these requests: raw lines if the request has them. */
export function requestLines(request: AnyRequest, name: string): AuthorizationLines {
  if ('raw' in request) return fieldLines(request.raw, name);
  return isWeb(request) ? webLines(request, name) : fieldLines(request, name);
}

function isWeb(request: HeaderSource | WebRequest): request is WebRequest {
  return typeof (request as WebRequest).headers.get === 'function';
}
