import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { messageOf, usageError } from './errors.ts';
import { instant, isInstant } from './values.ts';

export const ROW_FORMATS = ['jsonl', 'csv'] as const;

/** The format of a file of keys. */
export type RowFormat = (typeof ROW_FORMATS)[number];

const TIMES = ['createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'];

/**
 * Reads the keys of a file, or of standard input for `-`, one at a time. A row that cannot be parsed is
 * passed on unchanged, so that the import reports it with its row number.
 *
 * @throws CliError if the file cannot be opened
 */
export async function* readRows(file: string, format: RowFormat): AsyncGenerator<unknown> {
  const input = file === '-' ? process.stdin : await openFile(file);
  yield* format === 'csv' ? csvRows(input) : jsonRows(input);
}

async function openFile(file: string): Promise<Readable> {
  try {
    return (await open(file)).createReadStream();
  } catch (error) {
    throw usageError(`${file} cannot be opened: ${messageOf(error)}`, error);
  }
}

async function* jsonRows(input: Readable): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = jsonOrText(line);
    yield isObject(row) ? { ...row, ...timesOf(row) } : row;
  }
}

async function* csvRows(input: Readable): AsyncGenerator<unknown> {
  // The import reports a row with too few or too many cells, like every other invalid row.
  const parser = parse({ bom: true, columns: true, relax_column_count: true });
  input.once('error', (error) => parser.destroy(error)).pipe(parser);
  for await (const record of parser as AsyncIterable<Record<string, string>>) {
    const row = Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== ''));
    const { scopes, metadata, enabled } = row;
    yield {
      ...row,
      ...timesOf(row),
      ...(scopes === undefined ? {} : { scopes: scopes.split(' ').filter(Boolean) }),
      ...(metadata === undefined ? {} : { metadata: jsonOrText(metadata) }),
      ...(enabled === undefined ? {} : { enabled: jsonOrText(enabled) }),
    };
  }
}

/** Converts times that are text to epoch milliseconds. */
function timesOf(row: Readonly<Record<string, unknown>>): Record<string, number> {
  const times = TIMES.flatMap((name) => {
    const value = row[name];
    if (typeof value !== 'string') return [];
    if (isInstant(value)) return [[name, instant(value)] as const];
    return /^\d{1,16}$/.test(value) ? [[name, Number(value)] as const] : [];
  });
  return Object.fromEntries(times);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
