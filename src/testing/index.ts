export {
  authenticatedAs,
  type TestAuthentication,
  type TestPrincipal,
} from './authenticated-as.ts';
export { storedKey, successor, trace } from './fixtures.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export type { TestRunner } from './runner.ts';
export { seededRandom } from './seeded-random.ts';
export type { DirtyConnection } from './store/subject.ts';
export { type TestApiKeys, testApiKeys } from './test-api-keys.ts';
export {
  type Exchange,
  type FieldLine,
  type GuardEnvironment,
  type GuardedRoute,
  type GuardSite,
  type OpenGuard,
  testGuard,
  type WebHandler,
  type WireRequest,
  type WireResponse,
} from './test-guard.ts';
export {
  type OpenedStore,
  type StoreTraits,
  testKeyStore,
} from './test-key-store.ts';
export type { TestServiceOptions } from './test-service-options.ts';
