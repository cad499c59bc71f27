import { isDeepStrictEqual } from 'node:util';
import type { ActivityEvent, KeyStore, StoredKey } from 'keywright';
import type { Operation, Service } from './operations.ts';

/** An owner's keys and events, all of them. */
export interface Holdings {
  readonly keys: readonly StoredKey[];
  readonly events: readonly ActivityEvent[];
}

export async function holdingsOf(store: KeyStore, owner: string): Promise<Holdings> {
  const keys: StoredKey[] = [];
  for (let cursor: string | undefined; ; ) {
    const at = cursor === undefined ? {} : { cursor };
    const page = await store.list({ owner, limit: 100, now: Date.now(), ...at });
    keys.push(...page.items);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return { keys, events: await store.readChain(owner, 0, Number.MAX_SAFE_INTEGER) };
}

/** The mutations that the events tell of, oldest first. */
export function operationsIn({ events }: Pick<Holdings, 'events'>): Operation[] {
  return events.map(({ action, keyId: id = '', successorId = '' }) => {
    if (action === 'key.created') return { action: 'create', id };
    if (action === 'key.rotated') return { action: 'rotate', id, successorId };
    if (action === 'key.revoked') return { action: 'revoke', id };
    throw new Error(`no run does what ${action} tells`);
  });
}

/** What a mutation can change of a key. */
interface State {
  revoked: boolean;
  replacedBy: string | undefined;
  readonly replaces: string | undefined;
}

/** What is wrong between the keys and the events of an owner: they must tell the same story. */
export function contradictionIn(holdings: Holdings): string | undefined {
  const told = new Map<string, State>();
  for (const operation of operationsIn(holdings)) {
    const { id } = operation;
    const state = told.get(id);
    if (operation.action === 'create') {
      told.set(id, { revoked: false, replacedBy: undefined, replaces: undefined });
    } else if (state === undefined) {
      return `${operation.action} of ${id}, which no event created`;
    } else if (!('successorId' in operation)) {
      if (state.revoked) return `${id} was revoked twice`;
      state.revoked = true;
    } else {
      const { successorId } = operation;
      if (state.revoked) return `${id} was rotated after it was revoked`;
      state.replacedBy = successorId;
      told.set(successorId, { revoked: false, replacedBy: undefined, replaces: id });
    }
  }
  for (const { id, revokedAt, replacedBy, replaces } of holdings.keys) {
    const state: State = { revoked: revokedAt !== undefined, replacedBy, replaces };
    if (!told.has(id)) return `key ${id} is there without an event`;
    if (!isDeepStrictEqual(told.get(id), state)) return `key ${id} is not as its events tell`;
    told.delete(id);
  }
  const [missing] = told.keys();
  return missing === undefined ? undefined : `the event of key ${missing} is there without it`;
}

/** What is wrong with an owner's log, keys and chain; `undefined` if nothing is. */
export async function faultOf(
  { keys, store }: { readonly keys: Service; readonly store: KeyStore },
  owner: string,
): Promise<string | undefined> {
  const report = await keys.verifyActivity({ owner });
  if (!report.ok) return `the chain: ${report.reason} at ${report.sequence}`;
  return contradictionIn(await holdingsOf(store, owner));
}
