import { canonicalJson } from '../digest/canonical.ts';
import type { JsonValue } from '../json.ts';
import type { CreatedKey, OwnerKeys, RotatedKey } from '../service/contract.ts';
import { createOnce, rotateOnce, type WantedKey, type WantedRotation } from './idempotency.ts';
import type { Settings } from './options.ts';
import { Quota } from './quota.ts';
import { notFound } from './refusal.ts';
import { assertGrantable, mayGrant, notGrantable, type Session } from './session.ts';
import { Joins, Turns } from './turns.ts';

/** Who asks for a token. */
interface Applicant {
  readonly keys: OwnerKeys;
  readonly session: Session;
  readonly idempotencyKey: string | undefined;
}

/** The two ways to a token, within the quota, and once for each Idempotency-Key. */
export interface Issuer {
  create(applicant: Applicant, wanted: Omit<WantedKey, 'actor'>): Promise<CreatedKey>;
  rotate(
    applicant: Applicant,
    id: string,
    terms: Omit<WantedRotation, 'actor'>,
  ): Promise<RotatedKey>;
}

/**
 * Keys of one owner are counted and made one after the other, so one process never makes more than
 * the quota. Of several processes, each may find the last place free at the same time: there can be
 * as many keys too many as there are further processes.
 */
export function issuer({ quota, clock }: Pick<Settings, 'quota' | 'clock'>): Issuer {
  const counted = new Quota();
  const turns = new Turns();
  const joins = new Joins();

  const inOrder = <Result>(
    { session: { owner, actor }, idempotencyKey }: Applicant,
    request: JsonValue,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    const inTurn = () => turns.take(owner, work);
    if (idempotencyKey === undefined) return inTurn();
    // Two clicks at once are one request: where they meet in one process, both get its answer.
    return joins.join(canonicalJson([owner, actor.id, idempotencyKey, request]), inTurn);
  };

  return {
    async create(applicant, described) {
      const { keys, session, idempotencyKey } = applicant;
      const { owner, actor } = session;
      assertGrantable(session, described.scopes);
      const wanted = { ...described, actor };
      const makeRoom = () => counted.assertRoom(owner, keys, quota);
      return inOrder(applicant, ['create', { ...described }], async () => {
        if (idempotencyKey === undefined) {
          await makeRoom();
          return keys.create(wanted);
        }
        return createOnce(keys, wanted, { owner, idempotencyKey, now: clock.now(), makeRoom });
      });
    },

    rotate(applicant, id, terms) {
      const { keys, session, idempotencyKey } = applicant;
      const { owner, actor } = session;
      const wanted = { ...terms, actor };
      // Twice the quota, so that each key can still be rotated when all places are taken.
      const makeRoom = () => counted.assertRoom(owner, keys, 2 * quota);
      const rotate = async () => {
        if (idempotencyKey === undefined) {
          await makeRoom();
          return keys.rotate(id, wanted);
        }
        return rotateOnce(keys, id, wanted, { owner, idempotencyKey, now: clock.now(), makeRoom });
      };
      return inOrder(applicant, ['rotate', id, { ...terms }], async () => {
        const key = await keys.get(id);
        if (key === undefined) throw notFound();
        // Who rotates a key is shown a token with its scopes, and so is given them.
        assertGrantable(session, key.scopes);
        const rotated = await rotate();
        if (mayGrant(session, rotated.record.scopes)) return rotated;
        // Somebody gave the key more scopes in between. Nobody has seen the token.
        await keys.revoke(rotated.record.id, { actor, reason: 'its scopes could not be given' });
        throw notGrantable();
      });
    },
  };
}
