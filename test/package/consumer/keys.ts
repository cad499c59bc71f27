import { checkStore, createApiKeys, legacyFormat, memoryStore, tokenFormat } from 'keywright';
import { z } from 'zod';

/** Whether two types are the same, and neither is `any` where the other is not. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export type Environment = 'live' | 'test';
export type Scope = 'orders:read' | 'orders:write';
export interface Metadata {
  plan: 'free' | 'team';
  seats: number;
}

/** Fails to compile unless the types are the same. */
export function same<A, B>(..._: Same<A, B> extends true ? [] : [never]): void {}

export const actor = { id: 'user_ada', name: 'Ada' };
export const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });

export const keys = createApiKeys({
  format,
  environments: ['live'],
  store: memoryStore(),
  scopes: ['orders:read', 'orders:write'],
  metadata: z.object({ plan: z.enum(['free', 'team']), seats: z.number().default(1) }),
  legacy: [
    legacyFormat({ prefix: 'old_', alphabet: 'alphanumeric', length: { min: 16, max: 64 } }),
  ],
  onEvent(event) {
    if (event.type === 'refused') console.warn(event.reason);
  },
});

export const findings = await checkStore(memoryStore());
