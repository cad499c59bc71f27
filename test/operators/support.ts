import { setUp as setUpService } from '../support.ts';

/** Keys of three owners, one a second: each named by its number, from 0 on. */
export const MADE = [
  { owner: 'org_1', createdBy: 'user_ada', environment: 'live' },
  { owner: 'org_2', createdBy: 'user_eve', environment: 'live' },
  { owner: 'org_3', createdBy: 'user_eve', environment: 'test' },
  { owner: 'org_1', createdBy: 'user_eve', environment: 'test' },
  { owner: 'org_2', createdBy: 'user_ada', environment: 'live' },
  { owner: 'org_2', createdBy: 'user_eve', environment: 'live' },
] as const;

/** A service with the keys of {@link MADE}. */
export async function withKeys(options: Parameters<typeof setUpService>[0] = {}) {
  const all = setUpService(options);
  const made: { token: string; id: string }[] = [];
  for (const [i, { owner, createdBy, environment }] of MADE.entries()) {
    const actor = { id: createdBy };
    const { secret, record } = await all.keys.create({ owner, environment, actor, name: `${i}` });
    made.push({ token: secret.reveal(), id: record.id });
    all.time.now += 1000;
  }
  return { ...all, made };
}
