import { atMost, type Figure } from './figure.ts';
import { createKeys, emptyService } from './keys.ts';
import { usedBytes } from './used-bytes.ts';

const COUNT = 1_000_000;

async function bytesPerKey(perOwner: number): Promise<number> {
  // What the first keys bring along, such as compiled code, is no key's.
  await createKeys(emptyService(), { count: 1000, perOwner });
  const keys = emptyService();
  const before = usedBytes();
  await createKeys(keys, { count: COUNT, perOwner });
  const bytes = (usedBytes() - before) / COUNT;
  // Asked for after the measurement, so that the store is still in use during it.
  const { items } = await keys.list({ owner: 'org_0', limit: 100 });
  if (items.length !== Math.min(perOwner, 100)) throw new Error('keys were lost');
  return bytes;
}

const figure = (id: string, perOwner: number, owners: string): Figure => ({
  id,
  title: `a key and its activity event in the memory store, 1,000,000 keys, ${owners}`,
  unit: ' bytes',
  bar: atMost(1100),
  measure: async () => ({ value: await bytesPerKey(perOwner) }),
});

export const figures: readonly Figure[] = [
  figure('memory.key', 10, 'ten an owner'),
  figure('memory.key.single', 1, 'one an owner'),
];
