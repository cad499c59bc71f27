import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { rules, type Tree } from './architecture/rules.ts';

const PATTERNS = ['src/**/*.ts', 'test/**/*.{ts,mjs}', 'docs/examples/**/*.ts', '*.config.ts'];

function project(): Tree {
  const paths = globSync(PATTERNS, { exclude: ['**/node_modules', 'test/bench/peers'] });
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')]));
}

describe('the house', () => {
  const tree = project();

  it('is read', () => {
    expect(tree.has('src/index.ts')).toBe(true);
    expect(tree.size).toBeGreaterThan(30);
  });

  it.each(Object.entries(rules))('keeps the rule: %s', (_name, rule) => {
    expect(rule(tree)).toEqual([]);
  });

  it('has one runtime dependency', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['@noble/hashes']);
  });
});

/** A broken tree, and what the rule must say of it. Each line of a file is a fixture's text. */
interface Breach {
  rule: keyof typeof rules;
  files: Record<string, string>;
  says: string[];
}

const empty = 'export {};';
const lines = (count: number): string => 'export {};\n'.repeat(count);

const breaches: Record<string, Breach> = {
  'a file in no place': {
    rule: 'housed',
    files: { 'src/helpers.ts': empty },
    says: ['src/helpers.ts belongs to 0 places'],
  },
  'an import of a higher floor': {
    rule: 'floors',
    files: { 'src/token/parse.ts': "import '../verify.ts';", 'src/verify.ts': empty },
    says: ['src/token/parse.ts (token) imports src/verify.ts (verify)'],
  },
  'an import of a type from a higher floor': {
    rule: 'floors',
    files: { 'src/errors.ts': "export type { A } from './store.ts';", 'src/store.ts': empty },
    says: ['src/errors.ts (ground) imports src/store.ts (contracts)'],
  },
  'an import type expression of a higher floor': {
    rule: 'floors',
    files: { 'src/errors.ts': "type A = import('./store.ts').A;", 'src/store.ts': empty },
    says: ['src/errors.ts (ground) imports src/store.ts (contracts)'],
  },
  'a store that imports the service': {
    rule: 'floors',
    files: {
      'src/stores/redis.ts': "import type { A } from '../service/create.ts';",
      'src/service/create.ts': empty,
    },
    says: ['src/stores/redis.ts (stores) imports src/service/create.ts (service)'],
  },
  'a cache that imports a store': {
    rule: 'floors',
    files: { 'src/cache/index.ts': "import '../stores/memory.ts';", 'src/stores/memory.ts': empty },
    says: ['src/cache/index.ts (cache) imports src/stores/memory.ts (stores)'],
  },
  'a test kit that imports a guard by value': {
    rule: 'floors',
    files: {
      'src/testing/guard.ts': "import { type A } from '../guards/node.ts';",
      'src/testing/types.ts': "import type { A } from '../guards/node.ts';",
      'src/guards/node.ts': empty,
    },
    says: ['src/testing/guard.ts (testing) imports src/guards/node.ts (guards)'],
  },
  'an import of the door': {
    rule: 'floors',
    files: {
      'src/guards/fetch.ts': "import type { A } from '../index.ts';",
      'src/index.ts': empty,
    },
    says: ['src/guards/fetch.ts imports the door'],
  },
  'an import without the .ts name': {
    rule: 'floors',
    files: { 'src/secret.ts': "import './errors.js';", 'src/errors.ts': empty },
    says: ['src/secret.ts imports ./errors.js, which is no source file'],
  },
  'a door that hands out an adapter': {
    rule: 'exportsByName',
    files: {
      'src/index.ts':
        "export { a } from './stores/redis.ts';\nexport { b } from './stores/memory.ts';",
    },
    says: ['src/index.ts hands out src/stores/redis.ts'],
  },
  'wildcard exports': {
    rule: 'exportsByName',
    files: {
      'src/index.ts': "export * from './errors.ts';",
      'src/verify.ts': "export * as errors from './errors.ts';\nexport type * from './secret.ts';",
    },
    says: [
      'src/index.ts exports * from ./errors.ts',
      'src/verify.ts exports * from ./errors.ts',
      'src/verify.ts exports * from ./secret.ts',
    ],
  },
  'a circle of types': {
    rule: 'circles',
    files: {
      'src/errors.ts': "import type { A } from './secret.ts';",
      'src/secret.ts': "import type { B } from './json.ts';",
      'src/json.ts': "import type { C } from './secret.ts';",
    },
    says: ['src/secret.ts -> src/json.ts -> src/secret.ts'],
  },
  'a package by value': {
    rule: 'packages',
    files: {
      'src/guards/fastify.ts':
        "import type { A } from 'fastify';\nimport plugin from 'fastify-plugin';",
      'src/digest/sha256.ts': "import { sha256 } from '@noble/hashes/sha2.js';",
      'src/verify.ts': "export const late = () => import('@noble/hashes/sha2.js');",
    },
    says: [
      'src/guards/fastify.ts imports fastify-plugin by value',
      'src/verify.ts imports @noble/hashes/sha2.js by value',
    ],
  },
  'a module of Node by value': {
    rule: 'packages',
    files: {
      'src/guards/node.ts': "import type { IncomingMessage } from 'node:http';",
      'src/digest/sha256.ts': "const { hash } = require('node:crypto');",
    },
    says: ['src/digest/sha256.ts imports node:crypto by value'],
  },
  'clocks and chance of its own': {
    rule: 'clockAndChance',
    files: {
      'src/clock.ts': 'export const now = () => Date.now() + performance.now();',
      'src/verify.ts': "export const now = () => globalThis.Date['now']();",
      'src/store.ts': 'const { now: read } = Date;\nexport { read };',
      'src/json.ts': 'export const now = () => new Date();\nexport const then = new Date(0);',
      'src/record.ts': 'export const mark = performance.now();',
      'src/token/random.ts': '// Math.random is never used\nexport const pick = Math.random;',
    },
    says: [
      'src/verify.ts reads the clock itself',
      'src/store.ts reads the clock itself',
      'src/json.ts reads the clock itself',
      'src/record.ts reads the clock itself',
      'src/token/random.ts uses Math.random',
    ],
  },
  'long files': {
    rule: 'lengths',
    files: {
      'src/verify.ts': lines(281),
      'src/store.ts': lines(280),
      'src/guards/fetch.ts': lines(131),
      'src/guards/node.ts': lines(130),
      'test/verify.test.ts': lines(281),
    },
    says: [
      'src/verify.ts has 281 lines, more than 280',
      'src/guards/fetch.ts has 131 lines, more than 130',
      'test/verify.test.ts has 281 lines, more than 280',
    ],
  },
};

describe('the rules refuse', () => {
  it.each(Object.entries(breaches))('%s', (_name, { rule, files, says }) => {
    expect(rules[rule](new Map(Object.entries(files)))).toEqual(says);
  });

  it('nothing is left untested', () => {
    expect(new Set(Object.values(breaches).map(({ rule }) => rule))).toEqual(
      new Set(Object.keys(rules)),
    );
  });
});
