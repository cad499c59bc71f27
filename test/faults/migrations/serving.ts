import type { OpenStore } from '../open-store.ts';
import { actor, serviceOver } from '../operations.ts';

/** What a process did with a store that others have migrated. */
export interface Served {
  readonly times: number;
  readonly failure?: string;
}

/** Makes, verifies and revokes keys until it is stopped, or one of them fails. */
export function keepServing({ store }: OpenStore): { stop(): Promise<Served> } {
  const keys = serviceOver(store);
  let [stopped, times] = [false, 0];

  async function serve(): Promise<void> {
    while (!stopped) {
      const named = { name: 'key', owner: 'org_older', environment: 'live', actor } as const;
      const { secret, record } = await keys.create(named);
      if (!(await keys.verify(secret.reveal())).ok) throw new Error('a key was refused');
      await keys.revoke(record.id, { actor });
      if ((await keys.verify(secret.reveal())).ok) throw new Error('a revoked key was let in');
      times++;
      await new Promise((resolve) => setTimeout(resolve)); // a store of SQLite gives no other a turn
    }
  }
  const served = serve().then(
    () => ({}),
    (error: unknown) => ({ failure: `the process after the migration: ${error}` }),
  );
  return {
    async stop() {
      stopped = true;
      const outcome = await served;
      await keys.close();
      return { times, ...outcome };
    },
  };
}
