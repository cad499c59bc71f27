import { withDeadline } from '../deadline.ts';
import type { KeyStore } from '../store.ts';
import { type Holder, mapStoreErrors, STORE_TIMEOUT_MS } from './factors.ts';

/**
 * How often an actor may start an enrollment, or renew recovery codes, in an hour. Each adds a permanent
 * event, and even a session that may not change keys can do this.
 */
export const MAX_AN_HOUR = 10;
export const HOUR_MS = 3_600_000;

/** Milliseconds until the actor may start another enrollment, by the owner's activity log; 0 if now. */
export async function enrollmentWait(
  store: Pick<KeyStore, 'listActivity'>,
  { owner, actor }: Holder,
  now: number,
): Promise<number> {
  const { items } = await mapStoreErrors(
    withDeadline(
      store.listActivity({
        ...{ owner, actorId: actor.id, action: 'factor.begun', limit: MAX_AN_HOUR },
        from: Math.max(0, now - HOUR_MS + 1),
      }),
      STORE_TIMEOUT_MS,
    ),
  );
  const oldest = items[MAX_AN_HOUR - 1];
  return oldest === undefined ? 0 : oldest.at + HOUR_MS - now;
}
