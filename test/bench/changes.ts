import type { quietService } from './store-rates.ts';

export const ACTOR = { actor: { id: 'user_1' } };
export const KEY = { name: 'key', environment: 'live', ...ACTOR } as const;

export type Keys = ReturnType<typeof quietService>;

/** One change, on a key that stands for no other. */
export const CHANGES: Record<string, (keys: Keys, id: string, i: number) => Promise<unknown>> = {
  create: (keys, _id, i) => keys.create({ ...KEY, owner: `org_new_${i}` }),
  update: (keys, id, i) => keys.update(id, { name: `name ${i}` }, ACTOR),
  rotate: (keys, id) => keys.rotate(id, ACTOR),
  revoke: (keys, id) => keys.revoke(id, ACTOR),
};

export async function idOf(keys: Keys, owner: string): Promise<string> {
  return (await keys.create({ ...KEY, owner })).record.id;
}
