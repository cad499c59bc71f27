import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser } from './browser.ts';
import { BASE_PATH, type Host, startHost } from './host.ts';

describe.skipIf(!HAS_BROWSER)('the page for API consumers', () => {
  const browser = useBrowser();
  let host: Host;

  beforeAll(async () => {
    // Nobody is signed in.
    host = await startHost({ session: () => undefined });
  });
  afterAll(() => host?.close());

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('has no fault in the %s, %i pixels wide', async (colorScheme, width) => {
    const { page, violations, leave } = await browser.visit(`${host.base}${BASE_PATH}/guide`, {
      colorScheme,
      viewport: { width, height: 860 },
    });
    expect(await violations()).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await leave();
  });

  it('is found through by keyboard, and leads to the dashboard', async () => {
    const { page, leave } = await browser.visit(`${host.base}${BASE_PATH}/guide`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    const contents = page.getByRole('navigation', { name: 'On this page' });
    for (const link of await contents.getByRole('link').all()) {
      const fragment = (await link.getAttribute('href')) ?? '';
      expect(await page.locator(`h2${fragment}`).textContent()).toBe(await link.textContent());
    }
    await page.getByRole('link', { name: 'Manage keys' }).click();
    await page.getByText('You are signed out').waitFor();
    await leave();
  });
});
