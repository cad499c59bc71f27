import type { ApiKeys } from 'keywright';
import { ADA, OWNER } from './host.ts';

const DAY_MS = 86_400_000;
const GRACE = { id: 'user_grace', name: 'Grace Hopper' };

/** Keys in every state, and a log of how they came to it. */
export async function furnish(keys: ApiKeys<'live' | 'test'>): Promise<void> {
  const create = async (
    name: string,
    more: { environment?: 'live' | 'test'; scopes?: string[]; expiresAt?: number } = {},
    actor = ADA,
  ) => keys.create({ name, owner: OWNER, environment: 'live', actor, ...more });

  const staging = await create('Zapier staging', { environment: 'test' }, GRACE);
  const old = await create('CI pipeline', {}, GRACE);
  const warehouse = await create('Data warehouse export', { scopes: ['orders:read'] });
  await create('Mobile app', { expiresAt: Date.now() + 6 * DAY_MS });
  await create('Reports nightly', { scopes: ['orders:read', 'customers:read'] }, GRACE);
  const relay = await create('Webhook relay');
  const billing = await create('Billing sync', { scopes: ['orders:read', 'orders:write'] });
  const zapier = await create('Zapier production');
  await keys.revoke(old.record.id, { actor: GRACE, reason: 'Leaked in a build log' });
  await keys.update(warehouse.record.id, { enabled: false }, { actor: ADA });
  await keys.rotate(zapier.record.id, { actor: ADA });
  await keys.rotate(relay.record.id, { actor: ADA });
  for (const { secret } of [staging, billing, zapier]) await keys.verify(secret.reveal());
  await keys.authenticate(`Bearer ${billing.secret.reveal()}`);
  await keys.flush();
}
