import type { KeyRecord, Page } from 'keywright';
import { type ImportRow, importKeys } from 'keywright/import';
import { deliverActivity, identifyToken, listAllKeys, revokeWhere } from 'keywright/operators';
import { keyUse } from 'keywright/rotation';
import { actor, type Environment, keys, type Metadata, type Scope, same } from './keys.ts';

type OwnRecord = KeyRecord<Environment, Scope, Metadata>;

async function* oldKeys(): AsyncGenerator<
  ImportRow<Environment, Scope, { plan: 'free' | 'team'; seats?: number | undefined }>
> {
  yield {
    digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    name: 'Zapier',
    owner: 'org_acme',
    environment: 'live',
    scopes: ['orders:read'],
    metadata: { plan: 'free' },
    expiresAt: null,
    lastUsedAt: new Date(),
  };
}
const report = await importKeys(keys, oldKeys(), {
  actor,
  onProgress: ({ imported }) => console.log(imported),
  onProblem: (problem) =>
    console.log(problem.kind === 'invalid' ? problem.message : problem.fields),
});
console.log(report.problems.length);

const page = await listAllKeys(keys, { environment: 'live', createdBy: 'user_ada', limit: 100 });
same<typeof page, Page<OwnRecord>>();
const found = await identifyToken(keys, 'prn_live_leaked');
same<typeof found, OwnRecord | undefined>();
const { revoked, owners, effect } = await revokeWhere(keys, { hint: 'prn_live_4f8a' }, { actor });
console.log(revoked, owners, effect);
await deliverActivity(
  keys,
  async (events, { owner, signal }) => {
    await fetch('https://siem.example.com', { method: 'POST', body: owner, signal });
    console.log(events.length);
  },
  { consumer: 'siem', once: true, onError: ({ error, retryMs }) => console.error(error, retryMs) },
);
const use = await keyUse(keys, 'key_1', { quietMs: 86_400_000 });
console.log(use?.inUse, (await keyUse(keys.forOwner('org_acme'), 'key_1'))?.quietSince);
