export { storedKey, successor, trace } from './fixtures.ts';
export { type ManualClock, manualClock } from './manual-clock.ts';
export { seededRandom } from './seeded-random.ts';
export type { TestRunner } from './runner.ts';
export {
  type OpenedStore,
  type StoreTraits,
  testKeyStore,
} from './test-key-store.ts';
