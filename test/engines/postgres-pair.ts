import { type MortalServer, mortalServer } from '../faults/restart/mortal-server.ts';
import { withClient } from '../servers/postgres.ts';
import { type Standby, startStandby } from '../servers/postgres-standby.ts';

export interface SynchronousPair {
  readonly primary: MortalServer & { url(database: string): string };
  readonly standby: Standby;
  /** A database on the primary, and the same one on the standby. */
  readonly url: string;
  readonly standbyUrl: string;
}

/** A primary whose commits a standby confirms. */
export async function synchronousPair(resources: AsyncDisposableStack): Promise<SynchronousPair> {
  const server = resources.use(await mortalServer('postgres', ['synchronous_commit=on']));
  const url = server.address;
  const standby = await startStandby(server, 'standby');
  resources.defer(() => standby.stop('SIGINT'));
  await withClient(url, async (client) => {
    await client.query("alter system set synchronous_standby_names = 'standby'");
    await client.query('select pg_reload_conf()');
  });
  const named = (database: string) => Object.assign(new URL(url), { pathname: database }).href;
  const standbyUrl = standby.url(new URL(url).pathname.slice(1));
  return { primary: { ...server, url: named }, standby, url, standbyUrl };
}
