import type { IncomingMessage } from 'node:http';
import type { Management } from '../management.ts';
import { isPathBelow } from '../request-address.ts';
import { rememberContext } from './context.ts';
import { webRequest } from './node-request.ts';

interface FastifyRequest {
  readonly raw: IncomingMessage;
}

interface FastifyReply {
  code(status: number): FastifyReply;
  header(name: string, value: string): unknown;
  send(payload?: unknown): unknown;
}

/** The part of a Fastify instance that the bridge needs, without a dependency on Fastify's types. */
interface FastifyScope {
  /** The prefix of the scope, with the prefixes of the scopes around it. */
  readonly prefix: string;
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  all(
    url: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): unknown;
}

/**
 * A Fastify plugin that adds the routes of the handler under its `basePath`. In a scope with a prefix, a
 * `basePath` that begins with the prefix is the whole path; any other is appended to the prefix. The
 * hooks of the scope run first, so `contextOf(request)` holds the session that they read.
 *
 * @example
 * ```ts
 * app.register(managementPlugin, { management });
 * ```
 * @throws KeywrightError `invalid_argument` if the prefix of the scope contains a parameter.
 */
export function managementPlugin(
  app: FastifyScope,
  { management }: { readonly management: Management },
  done: (error?: Error) => void,
): void {
  try {
    addRoutes(app, management);
    done();
  } catch (error) {
    done(error as Error);
  }
}

function addRoutes(app: FastifyScope, management: Management): void {
  const prefix = app.prefix.replace(/\/$/, '');
  const handler = isPathBelow(management.basePath, prefix) ? management : management.under(prefix);
  const path = handler.basePath.slice(prefix.length);
  // The handler reads bodies itself, and has its own limits of size and type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, proceed) => proceed(null));
  for (const url of [path || '/', `${path}/*`]) {
    app.all(url, async (request, reply) => {
      // Fastify routes by `raw.url`, which `rewriteUrl` may have changed.
      const web = webRequest(request.raw, { target: request.raw.url });
      if (web === undefined) return reply.code(400).send();
      const response = await handler(rememberContext(web, request));
      // A body that was refused for its size is still arriving, and its rest is never read.
      if (!request.raw.complete) reply.header('Connection', 'close');
      return reply.send(response);
    });
  }
}
