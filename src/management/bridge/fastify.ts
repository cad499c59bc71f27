import type { IncomingMessage } from 'node:http';
import type { Management } from '../management.ts';
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

/** The part of a Fastify instance that the bridge needs, so that no type of Fastify's is. */
interface FastifyScope {
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
 * A Fastify plugin with the routes of the handler, under its `basePath`. The hooks of the scope in
 * which it is registered run before it, so a session that they read is at `contextOf(request)`.
 *
 * @example
 * ```ts
 * app.register(managementPlugin, { management });
 * ```
 */
export function managementPlugin(
  app: FastifyScope,
  { management }: { readonly management: Management },
  done: () => void,
): void {
  // The handler reads bodies itself, up to a size of its own and whatever their type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, proceed) => proceed(null));
  for (const url of [management.basePath || '/', `${management.basePath}/*`]) {
    app.all(url, async (request, reply) => {
      const web = webRequest(request.raw);
      if (web === undefined) return reply.code(400).send();
      const response = await management(rememberContext(web, request));
      // A body that was refused for its size is still arriving: nobody reads the rest of it.
      if (!request.raw.complete) reply.header('Connection', 'close');
      return reply.send(response);
    });
  }
  done();
}
