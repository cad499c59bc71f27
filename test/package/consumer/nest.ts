import { Controller, Get, Inject, Module, UseGuards } from '@nestjs/common';
import type { ApiKeys, Principal } from 'keywright';
import { API_KEYS, ApiKeyGuard, ApiKeyModule, ApiPrincipal, apiKeyGuard } from 'keywright/nest';
import { type Environment, keys, type Metadata, type Scope } from './keys.ts';

const guard = apiKeyGuard(keys);

@Controller('orders')
@UseGuards(guard, guard.requireScopes('orders:read'))
export class Orders {
  private readonly keys: ApiKeys<Environment, Scope, Metadata>;

  constructor(@Inject(API_KEYS) given: ApiKeys<Environment, Scope, Metadata>) {
    this.keys = given;
  }

  @Get()
  async name(@ApiPrincipal() principal: Principal<Environment, Scope, Metadata>): Promise<string> {
    return (await this.keys.get(principal.keyId))?.name ?? principal.metadata.plan;
  }
}

@Controller('admin')
@UseGuards(ApiKeyGuard)
export class Admin {}

class Settings {}

@Module({
  imports: [
    ApiKeyModule.forRoot({ keys }),
    ApiKeyModule.forRootAsync({ inject: [Settings], useFactory: async () => ({ keys }) }),
  ],
  controllers: [Orders, Admin],
})
export class AppModule {}
