import { openStore } from '../faults/open-store.ts';
import { type FleetEngine, type FleetEngineName, openEngine } from './engines.ts';
import { type LiveKey, type Manager, makeKeys, managerOn } from './keys.ts';
import { ServerProcess } from './processes.ts';
import type { ServerOptions } from './server.ts';

const SERVERS = 3;

/** Three servers on one database, and the service that manages its keys. */
export interface Fleet extends AsyncDisposable {
  readonly engine: FleetEngine;
  readonly servers: readonly ServerProcess[];
  readonly manager: Manager;
  /** Keys that are not revoked in the run, and keys that are. */
  readonly good: readonly LiveKey[];
  readonly doomed: readonly LiveKey[];
}

export interface FleetOptions {
  readonly good: number;
  readonly doomed: number;
  readonly leaseMs?: number;
  readonly cache?: ServerOptions['cache'];
  /** The address that the last server reaches the database by. */
  readonly through?: (address: string) => Promise<string>;
}

export async function openFleet(name: FleetEngineName, options: FleetOptions): Promise<Fleet> {
  const { leaseMs = 1000, cache = 'cached', through = async (address) => address } = options;
  await using opening = new AsyncDisposableStack();
  const engine = opening.use(await openEngine(name));
  const opened = await openStore(engine.address);
  opening.defer(() => opened.close());
  await opened.migrate();
  const manager = managerOn(opened.store);
  const good = await makeKeys(manager, options.good);
  const doomed = await makeKeys(manager, options.doomed, 'leaving');
  const servers: ServerProcess[] = [];
  for (let i = 0; i < SERVERS; i++) {
    const address = i === SERVERS - 1 ? await through(engine.address) : engine.address;
    servers.push(opening.use(await ServerProcess.start({ address, leaseMs, cache })));
  }
  const disposables = opening.move();
  return {
    ...{ engine, servers, manager, good, doomed },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
