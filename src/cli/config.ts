import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type LegacyFormat,
  type MetadataSchema,
  type TokenFormat,
  type TokenFormatOptions,
  tokenFormat,
} from 'keywright';
import type { MigratableStore } from './database.ts';
import { messageOf, usageError } from './errors.ts';
import { wordList } from './values.ts';

/** The default export of a configuration file. */
interface ConfigFile {
  /** The options of `tokenFormat`, or what it returned. */
  readonly format?: TokenFormat | TokenFormatOptions<string>;
  /** The address of the database, such as `postgres://localhost/app` or `sqlite:keys.db`. */
  readonly database?: string;
  /** A store that the file has opened itself, instead of `database`. */
  readonly store?: MigratableStore;
  /** Closes the client of `store`. */
  readonly close?: () => unknown;
  /** As in `createApiKeys`. */
  readonly scopes?: readonly string[];
  /** As in `createApiKeys`. */
  readonly metadata?: MetadataSchema<object, object>;
  /** As in `createApiKeys`: formats of imported keys. */
  readonly legacy?: readonly LegacyFormat[];
  /** The id of the actor in the activity log, if `--actor` is not set. */
  readonly actor?: string;
}

/** The configuration of a run: from the file, and from the environment for what the file leaves out. */
export interface Config extends Omit<ConfigFile, 'format'> {
  readonly format: TokenFormat;
  /** The folder of the file, or the working folder. */
  readonly base: string;
  /** The file; absent if there is none. */
  readonly file?: string;
}

export const CONFIG_NAME = 'keywright.config';
const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'];
const FIELDS = ['format', 'database', 'store', 'close', 'scopes', 'metadata', 'legacy', 'actor'];

/**
 * Reads the configuration.
 *
 * @param given the file of `--config`; without it, `keywright.config.*` of the working folder
 * @throws CliError if the file cannot be read or a field is wrong
 */
export async function readConfig(given: string | undefined): Promise<Config> {
  const file = given === undefined ? findConfig() : resolve(given);
  const fields = file === undefined ? {} : await load(file);
  const { format: _, ...rest } = fields;
  const database = fields.database ?? (fields.store ? undefined : process.env.DATABASE_URL);
  const actor = fields.actor ?? process.env.KEYWRIGHT_ACTOR;
  return {
    ...rest,
    format: formatOf(fields),
    ...(database === undefined ? {} : { database }),
    ...(actor === undefined ? {} : { actor }),
    base: file === undefined ? process.cwd() : dirname(file),
    ...(file === undefined ? {} : { file }),
  };
}

/** Finds the configuration file of the working folder. */
export function findConfig(): string | undefined {
  const names = EXTENSIONS.map((extension) => `${CONFIG_NAME}.${extension}`);
  const found = names.filter((name) => existsSync(name));
  if (found.length > 1) {
    throw usageError(`There are ${found.join(' and ')}: name one with --config`);
  }
  return found[0] && resolve(found[0]);
}

async function load(file: string): Promise<ConfigFile> {
  if (!existsSync(file)) throw usageError(`There is no configuration file ${file}`);
  const options = file.endsWith('.json') ? { with: { type: 'json' } } : {};
  let exported: unknown;
  try {
    const module = (await import(pathToFileURL(file).href, options)) as { default?: unknown };
    exported = module.default;
    if (typeof exported === 'function') exported = await (exported as () => Promise<unknown>)();
  } catch (error) {
    throw usageError(`${file} cannot be loaded: ${messageOf(error)}`, error);
  }
  if (typeof exported !== 'object' || exported === null) {
    throw usageError(
      `${file} must have a default export: an object, or a function that returns one`,
    );
  }
  const unknown = Object.keys(exported).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw usageError(`${file} has an unknown field "${unknown}"; known are ${FIELDS.join(', ')}`);
  }
  const fields = exported as ConfigFile;
  if (fields.store !== undefined && fields.database !== undefined) {
    throw usageError(`${file} must name either "store" or "database", not both`);
  }
  for (const field of ['database', 'actor'] as const) {
    if (fields[field] !== undefined && typeof fields[field] !== 'string') {
      throw usageError(`${file}: "${field}" must be a string`);
    }
  }
  return fields;
}

function formatOf({ format }: ConfigFile): TokenFormat {
  if (format !== undefined) return 'prefixes' in format ? format : tokenFormat(format);
  const { KEYWRIGHT_BRAND: brand, KEYWRIGHT_ENVIRONMENTS: environments = 'live' } = process.env;
  const { KEYWRIGHT_CHECKSUM: checksum } = process.env;
  if (brand === undefined) {
    throw usageError(
      'The format of the keys is not configured: run "keywright init", or set KEYWRIGHT_BRAND',
    );
  }
  if (checksum !== undefined && checksum !== 'crc32') {
    throw usageError('KEYWRIGHT_CHECKSUM must be crc32, or not be set');
  }
  const options = { brand, environments: wordList(environments) };
  return tokenFormat(checksum === undefined ? options : { ...options, checksum });
}
