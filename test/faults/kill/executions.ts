import { setTimeout as pause } from 'node:timers/promises';
import type { KeyStore } from 'keywright';
import { faultOf, holdingsOf, operationsIn } from '../holdings.ts';
import { type Service, serviceOver } from '../operations.ts';
import { startWorker, type Worker } from '../worker.ts';
import { fateIn, readTestament } from './testament.ts';

/** Where victims run, and how it is seen from outside what became of them. */
export interface Site {
  /** The address of the victims' program. */
  readonly program: string;
  readonly store: KeyStore;
  /** The address of the database for the victim of an owner. */
  addressFor(owner: string): string;
  /** Resolves when nothing of the victim is at work any more, on the server either. */
  gone(owner: string): Promise<void>;
}

export interface Toll {
  /** Kills during a change, by what came of it: at most one of the two for each. */
  readonly committed: number;
  readonly absent: number;
  /** By the change that was cut. */
  readonly cut: Readonly<Record<string, number>>;
  /** Kills between two changes. */
  readonly between: number;
  readonly faults: readonly string[];
}

/** Victims that are warm and wait, and victims that die, at a time. */
const WARM = 4;
const AT_ONCE = 2;

/**
 * Kills processes at random moments until `kills` of them were in the midst of a change, and looks
 * each time at what is left.
 */
export async function execute(
  sites: readonly Site[],
  { kills, deadlineMs }: { kills: number; deadlineMs: number },
): Promise<Toll> {
  const end = performance.now() + deadlineMs;
  const toll = { committed: 0, absent: 0, cut: {} as Record<string, number>, between: 0 };
  const faults: string[] = [];
  let victims = 0;
  const services = new Map(sites.map((site) => [site, serviceOver(site.store)]));
  const spawn = () => {
    const site = sites[victims % sites.length] as Site;
    const owner = `org_${process.pid}_${victims++}`;
    const worker = launch(site, owner);
    worker.catch(() => {}); // told when its turn comes
    return { site, owner, worker };
  };
  const waiting = Array.from({ length: Math.min(WARM, kills) }, spawn);
  const landed = () => toll.committed + toll.absent;

  async function executeOne(): Promise<void> {
    const { site, owner, worker } = waiting.shift() as (typeof waiting)[number];
    waiting.push(spawn());
    const keys = services.get(site) as Service;
    const testament = readTestament(await killed(await worker));
    await site.gone(owner);
    const fault = testament.failure ?? (await faultOf({ keys, store: site.store }, owner));
    const fate = fateIn(testament, operationsIn(await holdingsOf(site.store, owner)));
    if (fault !== undefined || typeof fate === 'object') {
      faults.push(`${owner}: ${fault ?? (fate as { fault: string }).fault}`);
    } else if (testament.during === undefined) {
      toll.between++;
    } else {
      toll[fate]++;
      const { action } = testament.during;
      toll.cut[action] = (toll.cut[action] ?? 0) + 1;
    }
  }

  async function executioner(): Promise<void> {
    while (landed() + faults.length < kills && performance.now() < end) {
      await executeOne().catch((error: unknown) => faults.push(String(error)));
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, executioner));
  } finally {
    await Promise.allSettled(
      waiting.map(async ({ worker }) => (await worker).victim.end('SIGKILL')),
    );
    await Promise.all([...services.values()].map((keys) => keys.close()));
  }
  return { ...toll, faults };
}

interface Launched {
  readonly victim: Worker;
  /** What a create, a rotation and a revocation take together. */
  readonly windowMs: number;
}

async function launch({ program, addressFor }: Site, owner: string): Promise<Launched> {
  const victim = await startWorker(program, [addressFor(owner), owner]);
  return { victim, ...(victim.greeting as { windowMs: number }) };
}

/** Lets it go, and kills it at a random moment within about two rounds of its changes. */
async function killed({ victim, windowMs }: Launched): Promise<string> {
  victim.send({});
  await pause(1 + Math.random() * 2 * Math.min(windowMs, 100));
  return victim.end('SIGKILL');
}
