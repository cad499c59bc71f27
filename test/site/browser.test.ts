import { describe, expect, inject, it } from 'vitest';
import { HAS_BROWSER, useBrowser } from '../management/browser/browser.ts';

const site = inject('site');
/** One page of each kind: home, start, tables, pictures, diagrams, reference, long text. */
const PAGES = [
  '/',
  '/docs/guide/start/express.html',
  '/docs/guide/reference/options.html',
  '/docs/guide/dashboard.html',
  '/docs/how-it-works.html',
  '/docs/api/keywright/fetch.html',
  '/CHANGELOG.html',
];

describe.skipIf(!HAS_BROWSER)('the site in a browser', () => {
  const browser = useBrowser();
  const visit = (url: string, options = {}) =>
    // A busy machine takes ten times as long.
    browser.visit(url, options, async (page) => page.setDefaultTimeout(100_000));

  describe.each(['light', 'dark'] as const)('in the colours %s', (colorScheme) => {
    it.each(PAGES)('asks no other host and passes axe: %s', async (path) => {
      const { page, violations, leave } = await visit(site + path, { colorScheme });
      await page.waitForLoadState('networkidle');
      expect(await violations()).toEqual([]);
      await leave();
    });
  });

  it('finds a page by a word', async () => {
    const { page, leave } = await visit(`${site}/docs/guide/start.html`);
    await page.waitForLoadState('networkidle');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('#localsearch-input').fill('Why do I get 401');
    await page.locator('#localsearch-list a').first().waitFor();
    const results = await page.locator('#localsearch-list a').allInnerTexts();
    expect(results.join()).toContain('Why do I get 401?');
    await leave();
  });

  it('shows diagrams as drawings', async () => {
    const { page, leave } = await visit(`${site}/docs/how-it-works.html`);
    expect(await page.locator('.diagram svg text').count()).toBeGreaterThan(10);
    await leave();
  });

  it('shows the screenshots of the dashboard', async () => {
    const { page, leave } = await visit(`${site}/docs/guide/dashboard.html`);
    const first = page.locator('main img').first();
    await first.scrollIntoViewIfNeeded();
    expect(
      await first.evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBeGreaterThan(300);
    await leave();
  });
});
