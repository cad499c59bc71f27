/** A part of the house: which files it is made of and what they may import. */
export interface Place {
  name: string;
  /** Files, or folders that end in a slash. */
  at: readonly string[];
  /** Folders within that are a place of their own. */
  without?: readonly string[];
  /** Names of the places whose modules it may import by value, beside its own. */
  imports: readonly string[];
  /** Names of further places whose types alone it may import. */
  types?: readonly string[];
  /** Packages it may import by value; types may come from anywhere. */
  packages?: readonly string[];
  /** Most lines a file here may have, where it is fewer than everywhere else. */
  maxLines?: number;
}

const GROUND = ['ground', 'shared'];
const TOKEN = [...GROUND, 'token'];
const DIGEST = [...TOKEN, 'digest'];
const CONTRACTS = [...DIGEST, 'contracts'];
const VERIFY = [...CONTRACTS, 'verify'];
const SERVICE = [...VERIFY, 'rules', 'service'];

const NEST = ['.ts', '-guard.ts', '-module.ts', '-refusal.ts'].map(
  (rest) => `src/guards/nest${rest}`,
);

/** From the ground up. A file that belongs to no place, or to two, breaks the house. */
export const places: readonly Place[] = [
  {
    name: 'ground',
    at: [
      'src/builtin.ts',
      'src/clock.ts',
      'src/deadline.ts',
      'src/maybe-promise.ts',
      'src/once-per.ts',
      'src/errors.ts',
      'src/fields.ts',
      'src/json.ts',
      'src/retry.ts',
      'src/secret.ts',
      'src/tick-wheel.ts',
      'src/text-folding.ts',
    ],
    imports: ['shared'],
  },
  // Limits and lists are stated once, for the browser too.
  { name: 'shared', at: ['src/limits.ts', 'src/record.ts'], imports: [], types: ['ground'] },
  { name: 'token', at: ['src/token/'], imports: GROUND },
  { name: 'digest', at: ['src/digest/'], imports: TOKEN, packages: ['@noble/hashes'] },
  {
    name: 'contracts',
    at: ['src/store.ts', 'src/store-finding.ts', 'src/change-feed.ts', 'src/delivery-queue.ts'],
    imports: DIGEST,
  },
  { name: 'rules', at: ['src/rules/'], imports: CONTRACTS },
  { name: 'verify', at: ['src/verify.ts', 'src/http/'], imports: CONTRACTS },
  { name: 'service', at: ['src/service/'], imports: [...VERIFY, 'rules'] },
  { name: 'guards', at: ['src/guards/'], without: NEST, imports: SERVICE, maxLines: 130 },
  // Nest's decorators and exceptions are values: only a guard made of them is one of Nest's.
  {
    name: 'nest',
    at: NEST,
    imports: [...SERVICE, 'guards'],
    packages: ['@nestjs/common'],
    maxLines: 130,
  },
  { name: 'rotation', at: ['src/rotation/'], imports: SERVICE },
  { name: 'import', at: ['src/import/'], imports: SERVICE },
  { name: 'operators', at: ['src/operators/'], imports: SERVICE },
  { name: 'stores', at: ['src/stores/'], imports: [...CONTRACTS, 'rules'], packages: ['kysely'] },
  { name: 'cache', at: ['src/cache/'], imports: [...CONTRACTS, 'rules'], packages: ['lru-cache'] },
  {
    name: 'management',
    at: ['src/management/'],
    without: ['src/management/dashboard/', 'src/management/texts/'],
    imports: [...SERVICE, 'texts'],
    packages: ['csv-stringify', 'marked', 'virtual:keywright-dashboard'],
  },
  { name: 'texts', at: ['src/management/texts/'], imports: [] },
  // It runs in browsers, and nothing of what runs on servers goes along.
  {
    name: 'dashboard',
    at: ['src/management/dashboard/'],
    imports: ['texts', 'shared'],
    types: GROUND,
    packages: ['lit'],
  },
  {
    name: 'totp',
    at: ['src/totp/'],
    imports: SERVICE,
    types: ['management'],
    packages: ['@noble/hashes', 'otpauth', 'qr'],
  },
  {
    name: 'testing',
    at: ['src/testing/'],
    // The suites drive the real service on the memory store.
    imports: [...SERVICE, 'stores'],
    types: ['guards', 'cache', 'management'],
  },
  {
    name: 'cli',
    at: ['src/cli/'],
    // It uses the package as its users do, by the names that they import.
    imports: [],
    packages: ['keywright', 'commander', 'cli-table3', 'csv-parse'],
  },
  // The door hands out the memory store and no adapter: `adapters` in rules.ts narrows `stores`.
  { name: 'door', at: ['src/index.ts'], imports: [...SERVICE, 'stores'] },
];

/** The one store that the door may hand out, as it needs no client. */
export const DOOR_STORE = 'src/stores/memory.ts';

/** Files that may import a module of Node by value, each with the modules it may import. */
export const nodeImports: Readonly<Record<string, readonly string[]>> = {
  // Two equal header lines can be sent by no client but a socket.
  'src/testing/guard/socket.ts': ['node:net'],
  // The command line runs on Node alone.
  'src/cli/config.ts': ['node:fs', 'node:path', 'node:url'],
  'src/cli/database.ts': ['node:fs', 'node:module', 'node:path', 'node:url', 'node:sqlite'],
  'src/cli/output.ts': ['node:util'],
  'src/cli/peers.ts': ['node:module'],
  'src/cli/program.ts': ['node:fs', 'node:url'],
  'src/cli/rows.ts': ['node:fs/promises', 'node:readline'],
  'src/cli/session.ts': ['node:os'],
  'src/cli/token.ts': ['node:fs/promises', 'node:readline', 'node:stream'],
  'src/cli/commands/import.ts': ['node:path'],
  'src/cli/commands/init.ts': ['node:fs/promises'],
};

/** The only files that read a clock: that of the server, and that of the browser. */
export const CLOCKS: readonly string[] = ['src/clock.ts', 'src/management/dashboard/time.ts'];

export const MAX_LINES = 280;
