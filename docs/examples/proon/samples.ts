import { generateToken } from 'keywright';
import type { ProonKeys } from './keys.ts';

/** The organization that the demo's keys speak for. */
export const OWNER = 'org_acme';
const actor = { id: 'user_ada' };

/** A key for every way in which one can fail, and the one that works. */
export interface Samples {
  readonly first: { readonly id: string; readonly token: string };
  readonly unknown: string;
  readonly revoked: string;
  readonly expired: string;
  readonly disabled: string;
  readonly otherEnvironment: string;
}

export async function createSamples(keys: ProonKeys): Promise<Samples> {
  const create = async (name: string, environment: 'live' | 'test' = 'live') => {
    const { secret, record } = await keys.create({ name, owner: OWNER, environment, actor });
    return { id: record.id, token: secret.reveal() };
  };
  const revoked = await create('A revoked key');
  await keys.revoke(revoked.id, { actor, reason: 'to show what happens' });
  const expired = await create('An expired key');
  await keys.update(expired.id, { expiresAt: Date.now() }, { actor });
  const disabled = await create('A disabled key');
  await keys.update(disabled.id, { enabled: false }, { actor });
  const sandbox = await create('A key of the test environment', 'test');
  return {
    first: await create('Zapier production'),
    unknown: generateToken(keys.format, 'live'),
    revoked: revoked.token,
    expired: expired.token,
    disabled: disabled.token,
    otherEnvironment: sandbox.token,
  };
}
