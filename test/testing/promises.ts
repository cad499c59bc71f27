import type { Promises } from './fixtures/broken.ts';
import { allKeysPromises } from './promises/all-keys.ts';
import { commitPromises } from './promises/commits.ts';
import { connectionPromises } from './promises/connections.ts';
import { deliveryPromises } from './promises/deliveries.ts';
import { factorPromises } from './promises/factors.ts';
import { feedPromises } from './promises/feed.ts';
import { isolationPromises } from './promises/isolation.ts';
import { listPromises } from './promises/lists.ts';
import { logPromises } from './promises/logs.ts';
import { racePromises } from './promises/races.ts';
import { readPromises } from './promises/reads.ts';
import { scopePromises } from './promises/scopes.ts';

/** Each promise of the store contract, with its checks and with stores that break it. */
export const PROMISES: Promises = {
  ...readPromises,
  ...listPromises,
  ...allKeysPromises,
  ...logPromises,
  ...isolationPromises,
  ...commitPromises,
  ...factorPromises,
  ...racePromises,
  ...scopePromises,
  ...feedPromises,
  ...connectionPromises,
  ...deliveryPromises,
};
