import { globSync, readFileSync } from 'node:fs';
import { ERROR_CODES, type RefusalReason } from 'keywright';
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../../src/management/refusal.ts';
import { OPTIONS_PAGE, optionsPage } from './options.ts';

/** The status of each reason. The compiler refuses a list that lacks one, or has another. */
const STATUS_OF: Record<RefusalReason, number> = {
  absent: 401,
  repeated: 401,
  scheme: 401,
  malformed: 401,
  unknown: 401,
  revoked: 401,
  expired: 401,
  disabled: 401,
  environment: 401,
  insufficient_scope: 403,
  unavailable: 503,
};

const read = (page: string) => readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');

/** The part of a page below a heading. */
function section(page: string, heading: string): string {
  const [, text] = new RegExp(`^## ${heading}\n(.*?)(?=^## |$(?![^]))`, 'ms').exec(page) ?? [];
  if (text === undefined) throw new Error(`there is no heading ${heading}`);
  return text;
}

/** The rows of tables whose first cell is one word in backticks, with their other cells. */
function rows(text: string): string[][] {
  return [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(/ (?<!\\)\| /));
}

/** Words in backticks in the first cells of tables. */
function firstCells(text: string): string[] {
  return rows(text).flatMap(([first = '']) => {
    return [...first.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
  });
}

describe('the page of options', () => {
  it('is what the sources say: run `node test/docs/reference/options.ts` to write it', () => {
    expect(read(OPTIONS_PAGE)).toBe(optionsPage());
  });
});

describe('the page of errors', () => {
  const page = read('docs/guide/reference/errors.md');

  it('has every code of an error, and no other', () => {
    expect(firstCells(page).filter((cell) => cell !== 'code')).toEqual([...ERROR_CODES]);
  });

  it('has a cause and a remedy for each', () => {
    const short = rows(page).filter((cells) => cells.length !== 3 || cells.some((it) => it === ''));
    expect(short).toEqual([]);
  });
});

describe('the page of statuses and headers', () => {
  const page = read('docs/guide/reference/http.md');
  const management = section(page, 'The management handler');

  it('has every error of the management handler with its status', () => {
    const told = rows(management)
      .filter(([status = '']) => /^\d{3}$/.test(status))
      .map(([status, code = '']) => [code.replaceAll('`', ''), Number(status)]);
    expect(told).toEqual(Object.entries(STATUS));
  });

  it('has every header that the guards send', () => {
    const guards = section(page, 'Guards');
    const sent = headersOf(['src/http/*.ts', 'src/guards/*.ts']);
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.filter((header) => !guards.includes(`\`${header}`))).toEqual([]);
  });

  it('has every header that the management handler sends or reads', () => {
    const used = headersOf(['src/management/*.ts', 'src/management/routes/*.ts', 'src/totp/*.ts']);
    expect(used).toEqual(
      expect.arrayContaining(['ETag', 'Allow', 'Idempotency-Key', 'Set-Cookie']),
    );
    expect(used.filter((header) => !management.includes(`\`${header}\``))).toEqual([]);
  });
});

describe('the page of reasons', () => {
  const page = read('docs/guide/why-401.md');

  it('has every reason of a 401, and no other', () => {
    const expected = Object.entries(STATUS_OF).filter(([, status]) => status === 401);
    expect(firstCells(section(page, '401 by reason'))).toEqual(expected.map(([reason]) => reason));
  });

  it('has the reasons of other statuses', () => {
    const told = rows(section(page, 'Not 401')).filter(([status = '']) => /^\d/.test(status));
    const expected = Object.entries(STATUS_OF).filter(([, status]) => status !== 401);
    expect(told.map(([status, reason]) => [reason, Number(status)])).toEqual(
      expected.map(([reason, status]) => [`\`${reason}\``, status]),
    );
  });
});

/** As RFC 9110 and its registry write them, where it is not by capital letters at hyphens. */
const WRITTEN: Readonly<Record<string, string>> = {
  etag: 'ETag',
  'www-authenticate': 'WWW-Authenticate',
};

/** Headers that sources name: keys of objects of headers, and arguments of `get`, `set`, `append`, `has`. */
function headersOf(patterns: readonly string[]): string[] {
  const text = globSync(patterns)
    .map((path) => readFileSync(path, 'utf8').replace(/^\s*(?:\*|\/\/).*$/gm, ''))
    .join('\n');
  const quoted = text.matchAll(/'([A-Z][a-z]+(?:-[A-Z][a-zA-Z]+)+)'/g);
  const asked = text.matchAll(/headers\.(?:get|set|append|has)\('([\w-]+)'/g);
  const bare = text.matchAll(/\b(Allow|ETag|Deprecation|Sunset)\b(?=:| =)/g);
  const names = [...quoted, ...asked, ...bare].map(([, name = '']) => name.toLowerCase());
  return [...new Set(names)].map(
    (name) => WRITTEN[name] ?? name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
  );
}
