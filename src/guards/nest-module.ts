import { ConfigurableModuleBuilder, Inject, Injectable, Module } from '@nestjs/common';
import type { GuardKeys, GuardOptions } from './contract.ts';
import type { NestContext, NestGuard } from './nest-context.ts';
import { apiKeyGuard } from './nest-guard.ts';

/** Options of `ApiKeyModule`: the service, and what the guard requires of a key. */
export interface ApiKeyModuleOptions extends GuardOptions {
  /** The service, from `createApiKeys`. */
  readonly keys: GuardKeys;
}

/** The injection token of the service: `@Inject(API_KEYS) keys: ApiKeys`. */
export const API_KEYS: symbol = Symbol('keywright.keys');

const OPTIONS = Symbol('keywright.options');

/** The guard of `ApiKeyModule`, for `@UseGuards(ApiKeyGuard)`. */
export class ApiKeyGuard implements NestGuard {
  // Not private: the types of the two module formats would not be compatible.
  readonly canActivate: (context: NestContext) => Promise<boolean>;

  constructor({ keys, ...options }: ApiKeyModuleOptions) {
    const guard = apiKeyGuard(keys, options);
    this.canActivate = (context) => guard.canActivate(context);
  }
}
// Called as functions, decorators need no compiler option.
Injectable()(ApiKeyGuard);
Inject(OPTIONS)(ApiKeyGuard, undefined, 0);

const keysProvider = {
  provide: API_KEYS,
  useFactory: ({ keys }: ApiKeyModuleOptions) => keys,
  inject: [OPTIONS],
};

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<ApiKeyModuleOptions>({
  optionsInjectionToken: OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({
    ...definition,
    global: true,
    providers: [...(definition.providers ?? []), ApiKeyGuard, keysProvider],
    exports: [OPTIONS, ApiKeyGuard, API_KEYS],
  }))
  .build();

/**
 * A global module for the keys of an application, which exports `ApiKeyGuard` and `API_KEYS`.
 *
 * @example
 * ```ts
 * const keys = ApiKeyModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: async (config: ConfigService) => ({ keys: await openKeys(config.get('DATABASE_URL')) }),
 * });
 * ```
 */
export class ApiKeyModule extends ConfigurableModuleClass {}
Module({})(ApiKeyModule);
