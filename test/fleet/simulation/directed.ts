import type { StoredKey } from '../../../src/stores/store-kit.ts';
import type { Shipped } from './shipped.ts';
import { type Actor, Stage } from './stage.ts';

/** Whether a revoked key was accepted by a look-up that began after the revocation had resolved. */
export type Directed = (shipped: Shipped) => Promise<boolean>;

const LEASE_MS = 300;
const WAIT_MS = 1.25 * LEASE_MS;

/**
 * Moments that seeds hardly ever meet, each staged statement by statement. Each lets nothing in as the
 * code ships, and lets a revoked key in without the rule that it is named by.
 */
export const DIRECTED = {
  /** The answer of a renewal that was given up comes once the process has another id. */
  async R5(shipped) {
    const leaseMs = 30_000;
    const stage = new Stage(shipped);
    const key = await stage.newKey();
    const other = await stage.newKey();
    const holder = stage.newActor(leaseMs);
    const revoker = stage.newActor(leaseMs);
    await stage.until(holder.cache.ready());
    holder.cutOff();
    await busy(stage, holder, other, 27_000);
    holder.reconnect();
    const late = holder.hold('poll', 'answer');
    void holder.find(other);
    // The poll is served. Its lease ends without traffic, so it gives its id back; the poll is given up.
    await stage.advance(9000);
    const acknowledging = holder.hold('acknowledge', 'request');
    void holder.find(other); // wakes it
    await stage.advance(50);
    void holder.find(key); // kept in memory
    await stage.advance(50);
    late.release();
    await stage.advance(50);
    await stage.until(revoker.revoke(key));
    const isAccepted = await stage.until(holder.find(key));
    acknowledging.release();
    return isAccepted;
  },

  /** A look-up joins a read that began before the change. */
  async R7(shipped) {
    const stage = new Stage(shipped);
    const key = await stage.newKey();
    const [holder, revoker] = [stage.newActor(LEASE_MS), stage.newActor(LEASE_MS)];
    await stage.until(holder.cache.ready());
    const slow = holder.hold('findByDigest', 'answer');
    void holder.find(key);
    await stage.advance(10);
    const revoking = revoker.revoke(key);
    await busy(stage, holder, await stage.newKey(), LEASE_MS); // acknowledges
    await stage.until(revoking);
    const finding = holder.find(key);
    await stage.advance(10);
    slow.release();
    return stage.until(finding);
  },

  /** A revoker whose read of the members is late prunes by a change that came meanwhile. */
  async R11(shipped) {
    const stage = new Stage(shipped);
    const [first, second] = [await stage.newKey(), await stage.newKey()];
    const holder = stage.newActor(LEASE_MS);
    const [early, later] = [stage.newActor(LEASE_MS), stage.newActor(LEASE_MS)];
    await stage.until(holder.cache.ready());
    void holder.find(second);
    await stage.advance(10);
    const slow = early.hold('readMembers', 'request');
    void early.revoke(first);
    // It acknowledges the first change meanwhile, and its lease goes on.
    await busy(stage, holder, second, WAIT_MS);
    holder.cutOff();
    const slowToo = later.hold('readMembers', 'request');
    const revokingSecond = later.revoke(second);
    await stage.advance(5);
    slow.release(); // reads a total with the second change in it
    await stage.advance(10);
    slowToo.release();
    await stage.until(revokingSecond);
    return stage.until(holder.find(second));
  },

  /** A member that has acknowledged meanwhile is deleted by a prune that is late. */
  async R14(shipped) {
    const stage = new Stage(shipped);
    const [first, second] = [await stage.newKey(), await stage.newKey()];
    const holder = stage.newActor(LEASE_MS);
    const [early, later] = [stage.newActor(LEASE_MS), stage.newActor(LEASE_MS)];
    await stage.until(holder.cache.ready());
    holder.cutOff();
    const slow = early.hold('prune', 'request');
    void early.revoke(first);
    // Its traffic goes on, so that it keeps its id, and acknowledges once it is back.
    await busy(stage, holder, second, 2 * WAIT_MS);
    holder.reconnect();
    await busy(stage, holder, second, LEASE_MS);
    slow.release();
    await stage.advance(5);
    holder.cutOff();
    const revokingSecond = later.revoke(second);
    await stage.until(revokingSecond);
    return stage.until(holder.find(second));
  },
} satisfies Record<string, Directed>;

/** Look-ups of a key for so long, three a lease. */
async function busy(stage: Stage, { find }: Actor, key: StoredKey, ms: number): Promise<void> {
  const spacing = LEASE_MS / 3;
  for (let passed = 0; passed < ms; passed += spacing) {
    void find(key);
    await stage.advance(spacing);
  }
}
