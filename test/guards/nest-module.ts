import 'reflect-metadata';
import { All, Controller, Header, Module, UseGuards } from '@nestjs/common';
import type { Principal } from 'keywright';
import { ApiPrincipal, apiKeyGuard, requireScopes } from 'keywright/nest';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

/** A module with a controller for each route: decorators are applied as functions, which they are. */
export function nestModule(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const controllers = routes.map(({ path, options, requireScopes: scopes, handle }) => {
    class Guarded {
      answer(principal: Principal): string {
        return handle(principal);
      }
    }
    const method = Object.getOwnPropertyDescriptor(Guarded.prototype, 'answer');
    if (method === undefined) throw new Error('no method');
    All()(Guarded.prototype, 'answer', method);
    Header('Content-Type', 'application/json')(Guarded.prototype, 'answer', method);
    ApiPrincipal()(Guarded.prototype, 'answer', 0);
    if (scopes) UseGuards(requireScopes(...scopes))(Guarded.prototype, 'answer', method);
    UseGuards(apiKeyGuard(keys, options))(Guarded);
    Controller(path)(Guarded);
    return Guarded;
  });
  class App {}
  Module({ controllers })(App);
  return App;
}
