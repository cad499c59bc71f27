import express, { type Request, type Response, Router } from 'express';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/node';
import { type GuardedRoute, type OpenGuard, testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { serve } from './server.ts';

type Keys = Parameters<OpenGuard>[0];

function handlersOf(keys: Keys, { options, requireScopes: scopes, handle }: GuardedRoute) {
  return [
    apiKeyGuard(keys, options),
    ...(scopes ? [requireScopes(...scopes)] : []),
    (req: Request, res: Response) => {
      res.type('json').send(handle(principalOf(req)));
    },
  ];
}

describe('the guard of keywright/node, in an Express app', () => {
  testGuard(
    (keys, routes) => {
      const app = express();
      for (const route of routes) app.all(route.path, ...handlersOf(keys, route));
      return serve(app);
    },
    { describe, it },
  );
});

describe('the guard of keywright/node, in a mounted Express router behind body parsers', () => {
  testGuard(
    (keys, routes) => {
      const app = express();
      app.use(express.json(), express.urlencoded());
      for (const route of routes) {
        const router = Router();
        router.use(...handlersOf(keys, route));
        app.use(route.path, router);
      }
      return serve(app);
    },
    { describe, it },
  );
});
