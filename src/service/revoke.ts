import type { KeyRecord } from '../record.ts';
import type { KeyRef, Trace } from '../store.ts';
import type { By } from './input.ts';
import { found, recordOf } from './record.ts';
import type { Service } from './service.ts';

export async function revokeKey(service: Service, ref: KeyRef, by: By): Promise<KeyRecord> {
  return recordOf(found(await service.store.revoke(ref, traceOf(service, by))));
}

export async function revokeAllKeys(
  service: Service,
  owner: string,
  by: By,
): Promise<{ revoked: number }> {
  return { revoked: await service.store.revokeAll(owner, traceOf(service, by)) };
}

function traceOf({ read, clock }: Service, by: By): Trace {
  return { at: clock.now(), ...read(by, 'options', ['actor'], ['reason']) };
}
