import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../open-store.ts';
import { actor, type Service, serviceOver } from '../operations.ts';

/** What a process is to do: changes of one owner, so many at once. */
export interface Shift {
  readonly owner: string;
  readonly forMs: number;
  readonly atOnce: number;
  /** From the start of a change to that of the next, of each of those at once; 0 for none. */
  readonly spacingMs: number;
}

/** What came of it. */
export interface Done {
  /** Milliseconds that each change took. */
  readonly times: number[];
  readonly failures: string[];
}

const [address = ''] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
const { store } = await openStore(address);
const keys = serviceOver(store);
process.on('message', async (shift: Shift) => {
  process.send?.(await work(keys, shift));
});
process.send?.('ready');

async function work(keys: Service, { owner, forMs, atOnce, spacingMs }: Shift): Promise<Done> {
  const done: Done = { times: [], failures: [] };
  const end = performance.now() + forMs;
  const loop = async () => {
    for (const change of changes(keys, owner)) {
      const begun = performance.now();
      if (begun >= end) return;
      await change().then(
        () => done.times.push(performance.now() - begun),
        (error: unknown) => done.failures.push(String(error)),
      );
      if (spacingMs > 0) await pause(Math.max(0, begun + spacingMs - performance.now()));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return done;
}

/** Creates a key, rotates it, and revokes its successor, again and again. */
function* changes(keys: Service, owner: string): Generator<() => Promise<unknown>> {
  for (;;) {
    let id = '';
    yield async () => {
      const { record } = await keys.create({ name: 'key', owner, environment: 'live', actor });
      id = record.id;
    };
    if (id === '') continue; // it was not made
    yield async () => {
      id = (await keys.rotate(id, { actor })).record.id;
    };
    yield () => keys.revoke(id, { actor });
  }
}
