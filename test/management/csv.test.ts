import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/management/csv.ts';
import { readCsv } from './csv-reader.ts';

describe('csvLine', () => {
  it('separates fields by commas and ends with CR LF', () => {
    expect(csvLine(['a', 1, undefined, ''])).toBe('a,1,,\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['"', '""""'],
  ])('quotes %j', (field, written) => {
    expect(csvLine([field])).toBe(`${written}\r\n`);
  });

  it.each([
    '=1+1',
    '=HYPERLINK("http://evil.example","x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '\u00a0=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '-',
  ])('keeps a spreadsheet from taking %j for a formula', (field) => {
    expect(readCsv(csvLine(['x', field]))).toEqual([['x', `'${field}`]]);
  });

  it.each(['a=1', "'=1", '1-1', '{"a":-1}', '\u202e=1', 'ada@example.com'])(
    'leaves %j as it is',
    (field) => {
      expect(readCsv(csvLine([field, 'x']))).toEqual([[field, 'x']]);
    },
  );

  it('writes numbers as numbers', () => {
    expect(csvLine([-1])).toBe('-1\r\n');
  });
});
