import { globSync, readFileSync } from 'node:fs';
import { legacyFormat } from 'keywright';
import { check } from 'recheck';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { legacyPatterns, tokenPattern } from '../src/management/token-pattern.ts';
import { parse } from './architecture/imports.ts';
import { format } from './support.ts';

interface Pattern {
  readonly path: string;
  readonly source: string;
  readonly flags: string;
}

/**
 * Where patterns are made of texts: those of JSON Schema, which stand in members named `pattern`; that of
 * the tokens of a format; and that of a legacy format, whose classes have fixed bounds.
 */
const COMPILERS = [
  'src/digest/legacy.ts',
  'src/management/dashboard/client.ts',
  'src/management/dashboard/key-list.ts',
  'src/management/pasted-token.ts',
  'src/management/schema.ts',
  'src/management/token-pattern.ts',
];

const LEGACY = [
  legacyFormat({ prefix: 'sk_live_', alphabet: 'base64url', length: { min: 16, max: 255 } }),
  legacyFormat({ separator: '|', alphabet: 'alphanumeric', length: { min: 40, max: 48 } }),
];

/** Every pattern of a file: literals, and members named `pattern`. */
function patternsOf(path: string, text: string): Pattern[] {
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ path, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'pattern') {
      const { initializer } = node;
      if (ts.isStringLiteralLike(initializer)) {
        found.push({ path, source: initializer.text, flags: 'u' });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return found;
}

const files = globSync(['src/**/*.ts', 'docs/examples/**/*.ts', '*.config.ts']);
const sources = files.map((path) => ({
  path: path.replaceAll('\\', '/'),
  text: readFileSync(path, 'utf8'),
}));
const patterns = sources.flatMap(({ path, text }) => patternsOf(path, text));

describe('every pattern of the project', () => {
  it('is found', () => {
    expect(patterns.length).toBeGreaterThan(50);
    const found = patternsOf('a.ts', "const a = /x/g; const b = { pattern: '^y$' };");
    expect(found.map(({ source, flags }) => [source, flags])).toEqual([
      ['x', 'g'],
      ['^y$', 'u'],
    ]);
  });

  it('is a literal, but in the files that make patterns', () => {
    const compilers = sources
      .filter(({ path, text }) => path.startsWith('src/') && /\bRegExp\(/.test(text))
      .map(({ path }) => path);
    expect(compilers.sort()).toEqual(COMPILERS);
  });

  it('matches in linear time', async () => {
    // A pattern without an automaton is searched by chance, and what is found on a busy machine need not
    // be slow: a finding counts once the pattern has really taken a second.
    const terms = { timeout: 100_000, randomSeed: 1, recallTimeout: 1_000 };
    for (const known of ['\\s*,\\s*', '(?=a)(?:a|a)*b']) {
      expect(await check(known, '', terms)).toMatchObject({ status: 'vulnerable' });
    }
    const slow: (Pattern & { readonly status: string })[] = [];
    const ofTokens = [tokenPattern(format), ...legacyPatterns(LEGACY)].map((source) => ({
      ...{ path: 'src/management/token-pattern.ts', flags: '', source },
    }));
    expect(ofTokens).toHaveLength(3);
    for (const pattern of [...patterns, ...ofTokens]) {
      const { status } = await check(pattern.source, pattern.flags, terms);
      if (status !== 'safe') slow.push({ ...pattern, status });
    }
    expect(slow).toEqual([]);
  });
});
