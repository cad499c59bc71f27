import { writeSync } from 'node:fs';
import type { KeyStore } from 'keywright';
import { type Operation, perform, serviceOver } from '../operations.ts';

/** Where the victim writes what it is about: at once, as it may not live to do it later. */
const TESTAMENT = 3;

/**
 * Changes keys of an owner until this process is killed, and tells before and after each change what
 * it is. Waits for a message first, so that it is warm when its time begins to run.
 */
export async function suffer(store: KeyStore, owner: string): Promise<void> {
  process.once('disconnect', () => process.exit());
  const keys = serviceOver(store);
  const start = performance.now();
  await change(0);
  const windowMs = performance.now() - start;
  process.once('message', async () => {
    for (let round = 1; ; round++) await change(round);
  });
  process.send?.({ windowMs });

  async function change(round: number): Promise<void> {
    const id = `${owner}_${round}`;
    await told({ action: 'create', id });
    await told({ action: 'rotate', id, successorId: `${id}_next` });
    await told({ action: 'revoke', id });
  }

  async function told(operation: Operation): Promise<void> {
    writeSync(TESTAMENT, `begin ${JSON.stringify(operation)}\n`);
    try {
      await perform(keys, owner, operation);
    } catch (error) {
      writeSync(TESTAMENT, `failed ${JSON.stringify(String(error))}\n`);
      throw error;
    }
    writeSync(TESTAMENT, 'end\n');
  }
}
