import { monotonicMs } from '../../clock.ts';
import { withDeadline } from '../../deadline.ts';
import type { ChangeFeed } from '../../store.ts';
import { systemText } from '../../token/random.ts';
import { RATE_MARGIN } from '../rate-margin.ts';
import { retrying } from '../retry.ts';
import type { Engine } from './engine.ts';
import { isTransient } from './failures.ts';
import { dropLease, grantLease, grantsBefore, type OlderLease, type Turn } from './leases.ts';
import { drive, type Script } from './script.ts';

const GRANT_LENGTH = 22;
const FIRST_POLL_MS = 2;
const LONGEST_POLL_MS = 40;
/** For so long a change waits until leases that have run out are dropped. */
const DROP_TIMEOUT_MS = 1000;

type Transact = <Outcome>(script: () => Script<Outcome>) => Promise<Outcome>;

/** The change feed of a database, and the barrier that changes wait at. */
export interface Feed {
  readonly changes: ChangeFeed;
  /** Resolves when no lease of an earlier generation can still be in use. */
  settle(turn: Turn): Promise<void>;
  /** Tells who listens in this process that a change has committed. */
  announce(): void;
}

export function changeFeed(engine: Engine, transact: Transact): Feed {
  const { dialect, push } = engine;
  /** Leases that were asked for here: of these it is known when they run out. */
  const own = new Map<string, { grantId: string; endsAt: number }>();
  const waiting = new Set<() => void>();

  function wake(): void {
    for (const resume of waiting) resume();
  }

  /** Resolves after `ms`, or when a lease has changed in this process. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, ms);
      waiting.add(resume);
    });
  }

  function endOf({ holder, grantId, endsAt }: OlderLease): number {
    const known = own.get(holder);
    return known?.grantId === grantId ? Math.min(known.endsAt, endsAt) : endsAt;
  }

  function once<Outcome>(script: Script<Outcome>): Promise<Outcome> {
    return drive(script, (statement) => engine.run(statement));
  }

  /** The change has committed and must not fail for a server that is gone: the clock then decides. */
  async function stillOlder(
    turn: Turn,
    leases: readonly OlderLease[],
    timeoutMs: number,
  ): Promise<readonly OlderLease[]> {
    try {
      const reading = once(grantsBefore(dialect, turn.generation));
      const grants = await withDeadline(reading, timeoutMs);
      return leases.filter(({ grantId }) => grants.has(grantId));
    } catch {
      return leases;
    }
  }

  /** Whoever held these is gone or asleep: the next change need not wait for them again. */
  async function drop(leases: readonly OlderLease[]): Promise<void> {
    for (const { holder, grantId } of leases) {
      await once(dropLease(dialect, holder, grantId));
      own.delete(holder);
    }
  }

  async function settle(turn: Turn): Promise<void> {
    let leases: readonly OlderLease[] = turn.older;
    const runOut: OlderLease[] = [];
    for (let span = FIRST_POLL_MS; ; span = Math.min(2 * span, LONGEST_POLL_MS)) {
      const now = monotonicMs();
      runOut.push(...leases.filter((lease) => endOf(lease) <= now));
      leases = leases.filter((lease) => endOf(lease) > now);
      if (leases.length === 0) break;
      const left = Math.ceil(Math.max(...leases.map(endOf)) - now);
      await pause(Math.min(span, left));
      leases = await stillOlder(turn, leases, left);
    }
    await withDeadline(drop(runOut), DROP_TIMEOUT_MS).catch(() => {});
  }

  const changes: ChangeFeed = {
    async lease(holder, seen, leaseMs) {
      const begin = monotonicMs();
      const grantId = systemText(GRANT_LENGTH);
      const lease = { holder, grantId, seen, leaseMs: Math.ceil(leaseMs * RATE_MARGIN) };
      const { generation, grantedMs } = await transact(() => grantLease(dialect, lease));
      if (generation === seen) {
        own.set(holder, { grantId, endsAt: begin + grantedMs });
        wake();
      }
      return generation;
    },

    async release(holder) {
      await retrying(
        () => once(dropLease(dialect, holder)),
        (error) => isTransient(dialect.family, error),
      );
      own.delete(holder);
      wake();
    },

    ...(push === undefined ? {} : { subscribe: (listener) => push.subscribe(listener) }),
  };

  return { changes, settle, announce: () => push?.announce?.() };
}
