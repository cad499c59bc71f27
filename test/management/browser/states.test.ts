import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testStepUp } from '../test-step-up.ts';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { FACTOR_STATES } from './factor-states.ts';
import { furnish } from './furnished.ts';
import { type Host, OWNER, startHost } from './host.ts';
import { STATES, type State } from './states.ts';

/** With `KEYWRIGHT_SCREENSHOTS=1` the pictures of the guide are made anew. */
const FOLDER = 'docs/images';
const shoots = process.env.KEYWRIGHT_SCREENSHOTS === '1';

const LOOKS = [
  { look: 'light', colorScheme: 'light', width: 1280 },
  { look: 'dark', colorScheme: 'dark', width: 1280 },
  { look: 'tablet', colorScheme: 'light', width: 768 },
  { look: 'tablet-dark', colorScheme: 'dark', width: 768 },
  { look: 'narrow', colorScheme: 'light', width: 360 },
  { look: 'narrow-dark', colorScheme: 'dark', width: 360 },
  // The words stay English, so that the states are found; dates and direction are Arabic.
  { look: 'right-to-left', colorScheme: 'dark', width: 1280, language: 'ar' },
  { look: 'tablet-right-to-left', colorScheme: 'light', width: 768, language: 'ar' },
  { look: 'narrow-right-to-left', colorScheme: 'light', width: 360, language: 'ar' },
] as const satisfies readonly Look[];

interface Look {
  readonly look: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly language?: string;
}

/** Looks that the guide has pictures of. */
const PICTURED: readonly string[] = ['light', 'dark', 'narrow'];

describe.skipIf(!HAS_BROWSER)('no state of the dashboard has a fault', () => {
  const browser = useBrowser();
  let host: Host;
  let current: State | undefined;

  beforeAll(async () => {
    if (shoots) await mkdir(FOLDER, { recursive: true });
    const { stepUp } = testStepUp();
    const check = (...call: Parameters<typeof stepUp.check>) =>
      current?.stepUp?.(...call) ?? ({ ok: true } as const);
    host = await startHost({
      management: { stepUp: { ...stepUp, check } },
      session: () => {
        const scopes = ['orders:read', 'orders:write', 'customers:read'];
        return current?.session === undefined ? { owner: OWNER, scopes } : current.session();
      },
    });
    await furnish(host.keys);
  });
  afterAll(() => host?.close());

  describe.each<Look>(LOOKS)('$look', ({ look, colorScheme, width, language = 'en' }) => {
    let visit: Visit;

    beforeAll(async () => {
      const viewport = { width, height: 860 };
      visit = await browser.visit(host.dashboard, { colorScheme, viewport });
    });
    afterAll(() => visit?.leave());

    it.each([...STATES, ...FACTOR_STATES].map((state) => [state.name, state] as const))(
      '%s',
      async (_name, state) => {
        const { page } = visit;
        current = state;
        await state.before?.(page);
        // A new element is as good as a new page, and axe need not be loaded for each.
        await page.evaluate((language) => {
          history.replaceState(null, '', location.pathname);
          const element = document.querySelector('keywright-keys');
          element?.replaceWith(Object.assign(element.cloneNode(), { texts: { language } }));
        }, language);
        await state.show(new Dashboard(page));
        const direction = language === 'ar' ? 'rtl' : 'ltr';
        expect(await directionOf(page)).toBe(direction);
        expect(await visit.violations()).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        if (shoots && state.picture !== undefined && PICTURED.includes(look)) {
          await page.screenshot({ path: `${FOLDER}/${state.picture}-${look}.png` });
        }
        await page.unrouteAll({ behavior: 'ignoreErrors' });
      },
    );
  });
});

/** The direction that the dashboard is written in. */
function directionOf(page: Page): Promise<string> {
  const frame = page.locator('keywright-keys .frame').first();
  return frame.evaluate((element) => getComputedStyle(element).direction);
}
