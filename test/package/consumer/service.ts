import {
  ERROR_CODES,
  type ErrorCode,
  generateToken,
  isKeywrightError,
  type KeyRecord,
  keyState,
  type Page,
  parseToken,
  type Secret,
  unauthorized,
} from 'keywright';
import { actor, type Environment, format, keys, type Metadata, type Scope, same } from './keys.ts';

type OwnRecord = KeyRecord<Environment, Scope, Metadata>;

const { secret, record } = await keys.create({
  name: 'Zapier production',
  owner: 'org_acme',
  environment: 'live',
  scopes: ['orders:read'],
  metadata: { plan: 'team' },
  expiresAt: new Date(Date.now() + 86_400_000),
  actor,
});
same<typeof secret, Secret>();
same<typeof record, OwnRecord>();
console.log(secret.reveal(), keyState(record, Date.now()));

const verified = await keys.verify(secret.reveal());
if (verified.ok) {
  same<typeof verified.principal.scopes, readonly Scope[]>();
  same<typeof verified.principal.environment, Environment>();
  same<typeof verified.principal.metadata, Metadata>();
}

const request = new Request('https://api.example.com/v1/me');
const result = await keys.authenticate(request.headers.get('authorization') ?? undefined, {
  scopes: ['orders:write'],
  environments: ['live'],
});
if (!result.ok) console.log(result.refusal.status, result.reason);

const rotated = await keys.rotate(record.id, { actor, graceMs: 60_000 });
same<typeof rotated.replaced, OwnRecord>();
await keys.update(record.id, { scopes: ['orders:write'], metadata: { plan: 'free' } }, { actor });
const page = await keys.forOwner('org_acme').list({ state: 'active', environment: 'test' });
same<typeof page, Page<OwnRecord>>();
for (const event of (await keys.activity({ owner: 'org_acme' })).items) {
  console.log(event.action, event.keyId);
}

const parsed = parseToken(format, generateToken(format, 'test'));
if (parsed) same<typeof parsed.environment, Environment>();

try {
  await keys.revoke(record.id, { actor, reason: 'no longer in use' });
} catch (error) {
  if (!isKeywrightError(error)) throw error;
  same<typeof error.code, ErrorCode>();
  console.error(ERROR_CODES.includes(error.code), unauthorized({ realm: 'orders' }).body);
}
