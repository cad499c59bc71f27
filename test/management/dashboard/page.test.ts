import { describe, expect, it } from 'vitest';
import { BASE, mount, ORIGIN } from '../support.ts';

const page = async (options: Parameters<typeof mount>[0] = {}) => {
  const { management } = await mount(options);
  const get = (path: string, method = 'GET') =>
    management(new Request(ORIGIN + (path.startsWith('/') ? path : `/${path}`), { method }));
  const response = await get(`${management.basePath}/`);
  return { get, response, html: await response.text() };
};

const fileIn = (html: string, pattern: RegExp) => pattern.exec(html)?.[1] ?? '';

describe('the page of the dashboard', () => {
  it('is HTML without a script or style of its own', async () => {
    const { response, html } = await page();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(html).not.toMatch(/<style|style="|\son\w+="|<script(?![^>]* src=)/);
    expect(html).toContain(
      `<keywright-keys base-path="${BASE}" heading-level="1" uses-fragment="">`,
    );
  });

  it('is there with and without the slash', async () => {
    const { get, html } = await page();
    expect(await (await get(BASE)).text()).toBe(html);
  });

  it('loads files that are kept for good, under names that tell what is in them', async () => {
    const { get, html } = await page();
    const types = {
      'text/javascript; charset=utf-8': fileIn(html, /<script type="module" src="([^"]+)">/),
      'text/css; charset=utf-8': fileIn(html, /<link rel="stylesheet" href="([^"]+)">/),
    };
    for (const [type, path] of Object.entries(types)) {
      expect(path).toMatch(new RegExp(`^${BASE}/assets/dashboard-[0-9a-f]{16}\\.(?:js|css)$`));
      const file = await get(path);
      expect(file.headers.get('content-type')).toBe(type);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(file.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await file.text()).length).toBeGreaterThan(100);
    }
    expect((await get(`${BASE}/assets/dashboard-0123456789abcdef.js`)).status).toBe(404);
  });

  it('is not to be changed', async () => {
    const { get } = await page();
    const refused = await get(`${BASE}/`, 'POST');
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get(`${BASE}/`, 'HEAD')).status).toBe(200);
  });

  it('has the brand and the texts of the host, and none of it is markup', async () => {
    const { html } = await page({
      brand: { name: '<b>"ProoN" & Co</b>' },
      texts: { title: '<i>Keys</i>', language: 'de' },
    });
    expect(html).toContain('<html lang="de" dir="ltr">');
    expect(html).not.toMatch(/<[bi]>|"ProoN"/);
    expect(html).toContain('&#60;b&#62;&#34;ProoN&#34; &#38; Co&#60;/b&#62;');
    expect(html).toContain(' texts="{&#34;title&#34;:&#34;&#60;i&#62;Keys');
  });

  it('links to the page where people sign in, and to no script', async () => {
    const { html } = await page({ signInUrl: '/sign-in?to="keys"' });
    expect(html).toContain(' sign-in-url="/sign-in?to=&#34;keys&#34;"');
    for (const signInUrl of ['javascript:alert(1)', '//evil.example.com', '/\\evil.example.com']) {
      await expect(page({ signInUrl }), signInUrl).rejects.toMatchObject({
        code: 'invalid_argument',
        argument: 'signInUrl',
      });
    }
  });

  it('stands at the root where the handler does', async () => {
    const { html } = await page({ basePath: '' });
    expect(html).toContain('<keywright-keys base-path="" heading-level="1" uses-fragment="">');
    expect(html).toMatch(/src="\/assets\/dashboard-[0-9a-f]{16}\.js"/);
  });
});
