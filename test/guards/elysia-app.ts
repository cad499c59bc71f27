import { node } from '@elysiajs/node';
import { type AnyElysia, Elysia } from 'elysia';
import { apiKeyGuard, requireScopes } from 'keywright/elysia';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

type Keys = Parameters<OpenGuard>[0];

/** The app with the guard before each of the routes. */
export function elysiaApp<App extends AnyElysia>(
  app: App,
  keys: Keys,
  routes: readonly GuardedRoute[],
) {
  for (const { path, options, requireScopes: scopes, handle } of routes) {
    app.use(
      new Elysia({ prefix: path })
        .derive(apiKeyGuard(keys, options))
        .onBeforeHandle(scopes ? requireScopes(...scopes) : () => undefined)
        .all('', ({ principal, set }) => {
          set.headers['content-type'] = 'application/json';
          return handle(principal);
        }),
    );
  }
  return app;
}

/** What the adapter gives as its server, beside what Elysia knows of one. */
interface NodeServer {
  readonly raw: {
    readonly url: string;
    ready(): Promise<unknown>;
    close(now: true): Promise<void>;
  };
}

/** Serves an app on the adapter for Node. */
export async function listen(app: Pick<AnyElysia, 'listen'>) {
  const others = process.listeners('beforeExit');
  const { raw } = await new Promise<NodeServer>((resolve) => {
    app.listen({ port: 0, hostname: '127.0.0.1' }, (server) => resolve(server as never));
  });
  await raw.ready();
  const close = async () => {
    await raw.close(true);
    for (const listener of process.listeners('beforeExit')) {
      if (!others.includes(listener)) process.off('beforeExit', listener);
    }
  };
  return { origin: new URL(raw.url).origin, close };
}

/**
 * An app on the adapter for Node. Elysia's own 404 is one response that it clones for each request, and
 * Node 22.18 takes the body from under it when a clone is collected as garbage: then nothing answers.
 */
export function elysiaOnNode() {
  return new Elysia({ adapter: node() }).onError(({ code, status }) =>
    code === 'NOT_FOUND' ? status(404, 'Not Found') : undefined,
  );
}

/** The same, on the adapter for Node. */
export const serveElysia: OpenGuard = (keys, routes) =>
  listen(elysiaApp(elysiaOnNode(), keys, routes));
