import { canonicalJson } from '../digest/canonical.ts';
import { invalid } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { keyState } from '../record.ts';
import type { CreatedKey, OwnerKeys, RotatedKey } from '../service/contract.ts';
import type { Capacity } from './capacity.ts';
import { createOnce, rotateOnce, type WantedKey, type WantedRotation } from './idempotency.ts';
import type { Settings } from './options.ts';
import { notFound } from './refusal.ts';
import { assertGrantable, mayGrant, notGrantable, type Session, withMetadata } from './session.ts';
import { SharedCalls } from './turns.ts';

/** The session that requests a token, and its Idempotency-Key. */
interface TokenCaller {
  readonly keys: OwnerKeys;
  readonly session: Session;
  readonly idempotencyKey: string | undefined;
}

/** Creates and rotates keys within the quota, once for each Idempotency-Key. */
export interface Issuer {
  create(caller: TokenCaller, wanted: Omit<WantedKey, 'actor'>): Promise<CreatedKey>;
  rotate(
    caller: TokenCaller,
    id: string,
    terms: Omit<WantedRotation, 'actor'>,
  ): Promise<RotatedKey>;
}

export function issuer(
  { clock, keys: service }: Pick<Settings, 'clock' | 'keys'>,
  capacity: Capacity,
): Issuer {
  const shared = new SharedCalls();

  const inOrder = <Result>(
    { session: { owner, actor }, idempotencyKey }: TokenCaller,
    request: JsonValue,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    const inTurn = () => capacity.inTurn(owner, work);
    if (idempotencyKey === undefined) return inTurn();
    // A double click sends the same request twice. Within one process, both share one result.
    return shared.run(canonicalJson([owner, actor.id, idempotencyKey, request]), inTurn);
  };

  const repetitionOf = (
    owner: string,
    idempotencyKey: string,
    assertRoom: () => Promise<void>,
  ) => ({
    ...{ owner, idempotencyKey, assertRoom },
    now: clock.now(),
    flush: () => service.flush(),
  });

  return {
    async create(caller, asked) {
      const { keys, session, idempotencyKey } = caller;
      const described = withMetadata(session, asked);
      const { owner, actor } = session;
      // Checked before this request can share the result of another session's request.
      assertGrantable(session, described.scopes);
      assertFuture(described.expiresAt, clock.now());
      const wanted = { ...described, actor };
      const assertRoom = () => capacity.assertRoom(owner, keys);
      return inOrder(caller, ['create', { ...described }], async () => {
        if (idempotencyKey === undefined) {
          await assertRoom();
          return keys.create(wanted);
        }
        return createOnce(keys, wanted, repetitionOf(owner, idempotencyKey, assertRoom));
      });
    },

    async rotate(caller, id, terms) {
      const { keys, session, idempotencyKey } = caller;
      const { owner, actor } = session;
      assertFuture(terms.expiresAt, clock.now());
      const wanted = { ...terms, actor };
      const key = await keys.get(id);
      if (key === undefined) throw notFound();
      // The caller sees a token with the key's scopes, so the session must be able to grant them.
      // Checked before this request can share another's result, and again below for the new key.
      assertGrantable(session, key.scopes);
      // Rotating an expired key adds a living key for good. A living key is revoked after its rotation.
      const assertRoom = () =>
        keyState(key, clock.now()) === 'expired'
          ? capacity.assertRoom(owner, keys)
          : capacity.assertRoomToRotate(owner, keys);
      const rotated = await inOrder(caller, ['rotate', id, { ...terms }], async () => {
        if (idempotencyKey === undefined) {
          await assertRoom();
          return keys.rotate(id, wanted);
        }
        return rotateOnce(keys, id, wanted, repetitionOf(owner, idempotencyKey, assertRoom));
      });
      if (mayGrant(session, rotated.record.scopes)) return rotated;
      // Another request added scopes to the key in the meantime. This session must not see the token.
      await keys.revoke(rotated.record.id, { actor, reason: 'its scopes could not be given' });
      throw notGrantable();
    },
  };
}

/** A key that expires at once is a mistake of the caller, and the quota would not count it. */
function assertFuture(expiresAt: number | null | undefined, now: number): void {
  if (typeof expiresAt === 'number' && expiresAt <= now) {
    throw invalid('expiresAt', 'must be in the future');
  }
}
