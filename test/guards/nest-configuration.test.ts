import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module, UseGuards } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { ApiKeys, Principal } from 'keywright';
import { API_KEYS, ApiKeyGuard, ApiKeyModule, ApiPrincipal, requireScopes } from 'keywright/nest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Environment, makeKey, setUp } from '../support.ts';

/** Configuration of the application, which its keys are made from. */
class Settings {
  readonly realm = 'orders';
}
Injectable()(Settings);

class SettingsModule {}
Module({ providers: [Settings], exports: [Settings] })(SettingsModule);

/** A controller with the routes `GET /me` and `GET /admin`. */
function meController(guarded: boolean) {
  class Me {
    readonly keys: ApiKeys<Environment>;
    constructor(keys: ApiKeys<Environment>) {
      this.keys = keys;
    }
    async me(principal: Principal) {
      return (await this.keys.get(principal.keyId))?.name;
    }
    admin(principal: Principal) {
      return principal.owner;
    }
  }
  const methodOf = (name: 'me' | 'admin') => {
    const method = Object.getOwnPropertyDescriptor(Me.prototype, name);
    if (method === undefined) throw new Error('no method');
    return method;
  };
  Get('me')(Me.prototype, 'me', methodOf('me'));
  ApiPrincipal()(Me.prototype, 'me', 0);
  Get('admin')(Me.prototype, 'admin', methodOf('admin'));
  ApiPrincipal()(Me.prototype, 'admin', 0);
  UseGuards(requireScopes('admin'))(Me.prototype, 'admin', methodOf('admin'));
  if (guarded) UseGuards(ApiKeyGuard)(Me);
  Inject(API_KEYS)(Me, undefined, 0);
  Controller()(Me);
  return Me;
}

async function serving(metadata: Parameters<typeof Module>[0]) {
  class App {}
  Module(metadata)(App);
  const app = await NestFactory.create(App, new ExpressAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  const url = await app.getUrl();
  return (path: string, token?: string) =>
    fetch(`${url}${path}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});
}

describe('ApiKeyModule.forRootAsync', () => {
  it('builds the keys from injected providers, for the guards of other modules', async () => {
    const { keys } = setUp({ unauthorized: { realm: 'orders' } });
    const { token, record } = await makeKey(keys);
    const realms: string[] = [];
    class Orders {}
    Module({ controllers: [meController(true)] })(Orders);
    const configured = ApiKeyModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: async (settings: Settings) => {
        realms.push(settings.realm);
        return { keys };
      },
    });
    const ask = await serving({ imports: [configured, Orders] });
    expect(realms).toEqual(['orders']);
    const refused = await ask('/me');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="orders"');
    expect(await (await ask('/me', token)).text()).toBe(record.name);
    expect((await ask('/admin', token)).status).toBe(403);
  });

  it('requires its options before the whole app as APP_GUARD', async () => {
    const { keys } = setUp();
    const reader = await makeKey(keys, { scopes: ['admin'] });
    const other = await makeKey(keys);
    const ask = await serving({
      imports: [ApiKeyModule.forRootAsync({ useFactory: () => ({ keys, scopes: ['admin'] }) })],
      controllers: [meController(false)],
      providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
    });
    expect((await ask('/admin')).status).toBe(401);
    expect((await ask('/me', other.token)).status).toBe(403);
    expect(await (await ask('/admin', reader.token)).text()).toBe('org_1');
  });

  it('rejects the start of the app if an option is wrong', async () => {
    class App {}
    Module({
      imports: [ApiKeyModule.forRoot({ keys: setUp().keys, scopes: ['two words'] })],
      controllers: [meController(true)],
    })(App);
    const options = { logger: false, abortOnError: false } as const;
    await expect(NestFactory.create(App, new ExpressAdapter(), options)).rejects.toMatchObject({
      code: 'invalid_argument',
      argument: 'scopes[0]',
    });
  });
});
