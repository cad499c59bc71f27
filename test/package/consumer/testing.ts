import { describe, it } from 'node:test';
import { memoryStore } from 'keywright';
import {
  authenticatedAs,
  manualClock,
  seededRandom,
  storedKey,
  testApiKeys,
  testKeyStore,
} from 'keywright/testing';
import { type Environment, format, type Scope, same } from './keys.ts';

testKeyStore(() => ({ store: memoryStore() }), { describe, it });

const options = {
  format,
  environments: ['live'],
  scopes: ['orders:read', 'orders:write'],
} as const;
const { keys, token, record, clock } = await testApiKeys({ scopes: ['orders:read'] }, options);
same<typeof record.scopes, readonly Scope[]>();
same<typeof record.environment, Environment>();
clock.advance(1000);
console.log((await keys.verify(token)).ok, storedKey({ owner: 'org_1' }).id, seededRandom('1'));
console.log(authenticatedAs({ owner: 'org_1' }, options).authorization, manualClock().now());
