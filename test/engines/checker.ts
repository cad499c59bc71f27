import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { createApiKeys, type KeyStore, tokenFormat } from 'keywright';

const format = tokenFormat({ brand: 'prn', environments: ['live'] });
const actor = { id: 'user_1' };
const WORKERS = 4;
/** For how long changes run before the fault, and after the first one that succeeds again. */
const BEFORE_MS = 1000;
const AFTER_MS = 2000;
/** A set-up that has not recovered by then is stopped. */
const PATIENCE_MS = 30_000;

/** What a run found. */
export interface Counts {
  /** Acknowledged changes that are gone at the end. */
  lost: number;
  /** Accepts that began after `revoke()` had resolved. */
  letIn: number;
  indeterminate: number;
  acknowledged: number;
  /** The longest time without an acknowledged change from the fault on. */
  recoverySeconds: number;
}

/** A set-up under a fault. */
export interface Run {
  /** The store that keys are changed on. */
  readonly writer: KeyStore;
  /** The store of another process, which verifies. */
  readonly reader: KeyStore;
  /** Strikes; resolves once the fault is over, or in place for good. */
  fault(under: UnderFault): Promise<void>;
}

/** What a fault can wait for. */
export interface UnderFault {
  /** Resolves once so many further changes have ended, whatever came of them. */
  changesEnd(count: number): Promise<void>;
  /** Resolves once so many keys were created from the call on that are never revoked. */
  keysStay(count: number): Promise<void>;
  /** Resolves once so many keys were revoked after the call that were created before it. */
  olderKeysRevoked(count: number): Promise<void>;
  /** Resolves once so many revoked keys were accepted since the run began. */
  acceptsFound(count: number): Promise<void>;
}

/** A key that a worker has created and not revoked. */
interface Kept {
  readonly id: string;
  readonly token: string;
  readonly createdAt: number;
}

/** Creates and revokes keys on one store and verifies them on another, before and after a fault. */
export async function check({ writer, reader, fault }: Run): Promise<Counts> {
  const service = (store: KeyStore) => createApiKeys({ format, store, changeTimeoutMs: 5000 });
  const [changing, verifying] = [service(writer), service(reader)];
  const counts = { lost: 0, letIn: 0, indeterminate: 0, acknowledged: 0, recoverySeconds: 0 };
  /** Tokens by whether they must be accepted; those of indeterminate changes are not among them. */
  const expected = new Map<string, boolean>();
  const revoked: string[] = [];
  /** When the creations of keys that are never revoked began. */
  const stays: number[] = [];
  const revocations: { readonly began: number; readonly createdAt: number }[] = [];
  const outage = { struckAt: Infinity, overAt: Infinity, lastAt: Infinity };
  let hasRecovered = false;
  let ended = 0;
  let isOver = false;

  function acknowledge(began: number): void {
    counts.acknowledged++;
    if (performance.now() < outage.struckAt) return;
    const gap = (performance.now() - outage.lastAt) / 1000;
    counts.recoverySeconds = Math.max(counts.recoverySeconds, gap);
    outage.lastAt = performance.now();
    hasRecovered ||= began >= outage.overAt;
  }

  async function change<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const began = performance.now();
    try {
      const result = await work();
      acknowledge(began);
      return result;
    } catch (error) {
      const { code, indeterminate } = error as { code?: string; indeterminate?: boolean };
      if (indeterminate) counts.indeterminate++;
      if (code === 'key_not_found') counts.lost++; // the creation had been acknowledged
      await pause(20);
      return undefined;
    } finally {
      ended++;
    }
  }

  async function worker(owner: string): Promise<void> {
    const named = { name: 'key', owner, environment: 'live', actor } as const;
    const kept: Kept[] = [];
    while (!isOver) {
      await turn(); // a store in memory would keep timers from running
      const began = performance.now();
      const made = await change(() => changing.create(named));
      if (made === undefined) continue;
      const key = { id: made.record.id, token: made.secret.reveal(), createdAt: performance.now() };
      expected.set(key.token, true);
      const fate = Math.random();
      if (fate < 0.2) stays.push(began);
      if (fate >= 0.2) kept.push(key);
      if (fate < 0.4) continue;
      // A read that is behind a failover shows only on a key that is older than the failover.
      const victim = fate < 0.7 ? kept.shift() : kept.pop();
      if (victim !== undefined) await revoke(victim);
    }
  }

  async function revoke({ id, token, createdAt }: Kept): Promise<void> {
    expected.delete(token);
    const began = performance.now();
    const done = await change(() => changing.revoke(id, { actor }));
    if (done === undefined) return;
    expected.set(token, false);
    revoked.push(token);
    revocations.push({ began, createdAt });
    if ((await verifying.verify(token)).ok) counts.letIn++;
  }

  /** Presents revoked keys again and again, those of a moment ago most often. */
  async function intruder(): Promise<void> {
    while (!isOver) {
      await pause(2);
      const token = revoked.at(-1 - Math.floor(Math.random() ** 2 * revoked.length));
      if (token !== undefined && (await verifying.verify(token)).ok) counts.letIn++;
    }
  }

  const workers = Array.from({ length: WORKERS }, (_, index) => worker(`org_${index}`));
  const intruders = Array.from({ length: WORKERS }, intruder);
  await pause(BEFORE_MS);
  outage.struckAt = outage.lastAt = performance.now();
  await fault({
    changesEnd(count) {
      const last = ended + count;
      return until(() => ended >= last);
    },
    keysStay(count) {
      const now = performance.now();
      return until(() => stays.filter((began) => began > now).length >= count);
    },
    olderKeysRevoked(count) {
      const now = performance.now();
      const isOlder = (each: (typeof revocations)[number]) =>
        each.began > now && each.createdAt < now;
      return until(() => revocations.filter(isOlder).length >= count);
    },
    acceptsFound: (count) => until(() => counts.letIn >= count),
  });
  outage.overAt = performance.now();
  const end = performance.now() + PATIENCE_MS;
  while (!hasRecovered && performance.now() < end) await pause(20);
  await pause(AFTER_MS);
  isOver = true;
  await Promise.all([...workers, ...intruders]);
  if (!hasRecovered) throw new Error('no change succeeded again');
  const answers = await Promise.all([...expected].map(([token]) => judged(changing, token)));
  for (const [index, isLiving] of [...expected.values()].entries()) {
    if (answers[index] !== isLiving) counts.lost++;
  }
  // A reader that stays on a replaced server cannot write when keys were used last.
  await Promise.allSettled([changing.close(), verifying.close()]);
  return counts;
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await pause(20);
}

/** Whether a token is accepted, once the store has an answer. */
async function judged({ verify }: Pick<ReturnType<typeof createApiKeys>, 'verify'>, token: string) {
  for (const end = performance.now() + PATIENCE_MS; ; await pause(20)) {
    const verdict = await verify(token);
    if (verdict.ok || verdict.reason !== 'unavailable' || performance.now() > end) {
      return verdict.ok;
    }
  }
}
