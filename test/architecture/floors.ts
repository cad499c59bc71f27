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

const GROUND = ['ground'];
const TOKEN = [...GROUND, 'token'];
const DIGEST = [...TOKEN, 'digest'];
const CONTRACTS = [...DIGEST, 'contracts'];
const VERIFY = [...CONTRACTS, 'verify'];
const SERVICE = [...VERIFY, 'service'];

/** From the ground up. A file that belongs to no place, or to two, breaks the house. */
export const places: readonly Place[] = [
  {
    name: 'ground',
    at: [
      'src/builtin.ts',
      'src/clock.ts',
      'src/deadline.ts',
      'src/when-known.ts',
      'src/errors.ts',
      'src/fields.ts',
      'src/json.ts',
      'src/record.ts',
      'src/secret.ts',
    ],
    imports: [],
  },
  { name: 'token', at: ['src/token/'], imports: GROUND },
  { name: 'digest', at: ['src/digest/'], imports: TOKEN, packages: ['@noble/hashes'] },
  { name: 'contracts', at: ['src/store.ts'], imports: DIGEST },
  { name: 'verify', at: ['src/verify.ts', 'src/http/'], imports: CONTRACTS },
  { name: 'service', at: ['src/service/'], imports: VERIFY },
  { name: 'guards', at: ['src/guards/'], imports: SERVICE, maxLines: 99 },
  { name: 'rotation', at: ['src/rotation/'], imports: SERVICE },
  { name: 'stores', at: ['src/stores/'], imports: CONTRACTS, packages: ['kysely'] },
  { name: 'cache', at: ['src/cache/'], imports: CONTRACTS },
  {
    name: 'management',
    at: ['src/management/'],
    without: ['src/management/dashboard/'],
    imports: SERVICE,
    packages: ['virtual:keywright-dashboard'],
  },
  // It runs in browsers, and nothing of what runs on servers goes along.
  {
    name: 'dashboard',
    at: ['src/management/dashboard/'],
    imports: [],
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
    imports: [...SERVICE, 'stores', 'cache', 'management'],
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
};

/** The only files that read a clock: that of the server, and that of the browser. */
export const CLOCKS: readonly string[] = ['src/clock.ts', 'src/management/dashboard/time.ts'];

export const MAX_LINES = 280;
