import { describe, expect, it } from 'vitest';
import { csvRows } from '../../src/management/csv.ts';
import { readCsv } from './csv-reader.ts';

describe('csvRows', () => {
  it('separates fields by commas and ends with CR LF', () => {
    expect(csvRows([['a', 1, undefined, '']])).toBe('a,1,,\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['"', '""""'],
  ])('quotes %j', (field, written) => {
    expect(csvRows([[field]])).toBe(`${written}\r\n`);
  });

  it.each([
    '=1+1',
    '=HYPERLINK("http://evil.example","x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '  =1',
    '\u00a0=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '-',
  ])('keeps a spreadsheet from taking %j for a formula', (field) => {
    expect(readCsv(csvRows([['x', field]]))).toEqual([['x', `'${field}`]]);
  });

  it.each([
    ['x;=1', "x;'=1"],
    ['x; =1;+2', "x;' =1;'+2"],
    ['x;"=1"', `x;'"=1"`],
    ['x\t-1', "x\t'-1"],
    ['x\r\n@1', "x\r\n'@1"],
    ['x\n＝1', "x\n'＝1"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n1', "'\n1"],
    [';=1', ";'=1"],
  ])('defuses %j where another separator would begin a cell', (field, written) => {
    expect(readCsv(csvRows([['x', field]]))).toEqual([['x', written]]);
  });

  it('takes linear time', () => {
    const text = `${';" '.repeat(100_000)}x`;
    const before = performance.now();
    csvRows([[text]]);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each(['a=1', "'=1", '1-1', '{"a":-1}', '\u202e=1', 'ada@example.com'])(
    'leaves %j as it is',
    (field) => {
      expect(readCsv(csvRows([[field, 'x']]))).toEqual([[field, 'x']]);
    },
  );

  it('writes numbers as numbers', () => {
    expect(csvRows([[-1]])).toBe('-1\r\n');
  });
});
