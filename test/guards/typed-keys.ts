import { createApiKeys, memoryStore, type Principal, tokenFormat } from 'keywright';
import { z } from 'zod';

/** A service with names for everything, whose types every guard must hand on. */
export const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
  store: memoryStore(),
  scopes: ['read', 'write'],
  metadata: z.object({ plan: z.enum(['free', 'team']) }),
});

export type Caller = Principal<'live' | 'test', 'read' | 'write', { plan: 'free' | 'team' }>;
