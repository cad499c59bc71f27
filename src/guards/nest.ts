export type { NestGuard } from './nest-context.ts';
export {
  ApiPrincipal,
  apiKeyGuard,
  type BoundNestGuard,
  principalOf,
  requireScopes,
} from './nest-guard.ts';
export { API_KEYS, ApiKeyGuard, ApiKeyModule, type ApiKeyModuleOptions } from './nest-module.ts';
