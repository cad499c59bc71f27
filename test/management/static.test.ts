import { describe, expect, it } from 'vitest';
import { mount } from './support.ts';

describe('a page that is the same for everybody', () => {
  it('needs no session, and is asked for again only when it has changed', async () => {
    const { call } = await mount();
    const first = await call('GET', '/openapi.json', { as: null });
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const tag = first.headers.get('etag') ?? '';
    for (const given of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await call('GET', '/openapi.json', { headers: { 'if-none-match': given } });
      expect(again).toMatchObject({ status: 304, text: '' });
      expect(again.headers.get('etag')).toBe(tag);
    }
    const changed = { headers: { 'if-none-match': '"other"' } };
    expect(await call('GET', '/openapi.json', changed)).toMatchObject({ status: 200 });
    const other = await mount({ quota: 5, basePath: '/elsewhere' });
    expect((await other.call('GET', '/openapi.json')).headers.get('etag')).not.toBe(tag);
  });

  it('is compared with a long list of tags in linear time', async () => {
    const { call } = await mount();
    const { headers } = await call('GET', '/openapi.json', { as: null });
    const tag = headers.get('etag');
    const given = `"a"${' '.repeat(200_000)}b,\t W/${tag}`;
    const before = performance.now();
    const again = await call('GET', '/openapi.json', { headers: { 'if-none-match': given } });
    expect(again.status).toBe(304);
    // 200,000 spaces took 30 s where each began a search for the next comma.
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('holds nothing of any owner', async () => {
    const { call } = await mount({ texts: { title: 'Secret title' } });
    await call('POST', '/api/keys', { json: { name: 'Zapier production', environment: 'live' } });
    const { text } = await call('GET', '/openapi.json', { as: null });
    for (const word of ['org_1', 'user_ada', 'Zapier', 'Secret title']) {
      expect(text).not.toContain(word);
    }
  });
});
