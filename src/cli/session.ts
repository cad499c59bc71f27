import { userInfo } from 'node:os';
import { type Actor, type ApiKeys, createApiKeys } from 'keywright';
import { type Config, readConfig } from './config.ts';
import { type Database, type OpenOptions, openDatabase } from './database.ts';
import { usageError } from './errors.ts';

/** Options of every command. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** Options of the commands that change something. */
export interface ByOptions extends CommonOptions {
  readonly actor?: string;
  readonly reason?: string;
}

/** The service that the configuration describes, on its open store. */
export interface Session extends Database {
  readonly keys: ApiKeys;
  readonly config: Config;
}

/** A change may have to wait until every cache has received it. */
const STORE_TIMEOUT_MS = 30_000;

/** Opens the configured store, runs the work, and closes the store even if the work fails. */
export async function withSession<Result>(
  options: CommonOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const config = await readConfig(options.config);
  const database = await openConfigured(config, false);
  try {
    const keys = serviceOf(config, database);
    const result = await work({ ...database, keys, config });
    await keys.close();
    return result;
  } finally {
    await database.close();
  }
}

/** Creates the service of a configuration on an open store. */
export function serviceOf(config: Config, { store }: Pick<Database, 'store'>): ApiKeys {
  const { format, scopes, metadata, legacy } = config;
  return createApiKeys({
    format,
    store,
    environments: format.environments,
    storeTimeoutMs: STORE_TIMEOUT_MS,
    ...(scopes === undefined ? {} : { scopes }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(legacy === undefined ? {} : { legacy }),
  }) as ApiKeys;
}

/** Opens the store of a configuration. */
export async function openConfigured(
  config: Config,
  create: OpenOptions['create'],
): Promise<Database> {
  const { store, close, database, file, base } = config;
  if (store !== undefined) {
    return { store, place: `the store of ${file}`, close: async () => void (await close?.()) };
  }
  if (database === undefined) {
    throw usageError(
      'No database is configured: set DATABASE_URL, or "database" in the configuration file',
    );
  }
  return openDatabase(database, { base, create });
}

/** Who makes a change and why. */
export function byOf(options: ByOptions, config: Config): { actor: Actor; reason?: string } {
  const id = options.actor ?? config.actor ?? `cli:${userInfo().username}`;
  return { actor: { id }, ...(options.reason === undefined ? {} : { reason: options.reason }) };
}
