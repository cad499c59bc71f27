import { DatabaseSync } from 'node:sqlite';
import { createApiKeys, digestToken, generateToken, tokenFormat } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';
import type { Environment } from './app.ts';

const ACTOR = { id: 'user_ada' };

/** Who asks an app, each by a token. */
export interface Callers {
  /** What an app is started with, to know their keys. */
  readonly environment: Environment;
  /** Of `org_acme`, without scopes. */
  readonly holder: string;
  /** With the scope `orders:write`. */
  readonly writer: string;
  readonly revoked: string;
  /** Of the environment `test`, which no app accepts. */
  readonly tester: string;
  /** Well-formed, and nobody's. */
  readonly stranger: string;
  /** A good key, and what revokes it. */
  issue(): Promise<{ readonly token: string; revoke(): Promise<void> }>;
}

/** Makes keys in a new database at the path, which the apps open too. */
export async function makeCallers(path: string): Promise<Callers> {
  const database = new DatabaseSync(path, { timeout: 1000 });
  database.exec('pragma journal_mode = wal');
  const store = sqliteStore(database);
  await store.migrate();
  const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  const keys = createApiKeys({ format, environments: ['live'], store });
  const create = async (environment: 'live' | 'test' = 'live', scopes: string[] = []) => {
    const key = { name: 'Zapier', owner: 'org_acme', environment, scopes, actor: ACTOR };
    const { secret, record } = await keys.create(key);
    const revoke = async () => void (await keys.revoke(record.id, { actor: ACTOR }));
    return { token: secret.reveal(), revoke };
  };
  const [holder, writer, revoked, tester] = [
    await create(),
    await create('live', ['orders:write']),
    await create(),
    await create('test'),
  ];
  await revoked.revoke();
  const known = [holder, writer, revoked, tester].map(({ token }) =>
    store.findByDigest(digestToken(token)),
  );
  return {
    environment: {
      KEYS_DATABASE: path,
      KEYS: JSON.stringify(await Promise.all(known)),
    },
    holder: holder.token,
    writer: writer.token,
    revoked: revoked.token,
    tester: tester.token,
    stranger: generateToken(format, 'live'),
    issue: create,
  };
}
