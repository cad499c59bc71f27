import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testStepUp } from '../test-step-up.ts';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { furnish } from './furnished.ts';
import { type Host, OWNER, startHost } from './host.ts';
import { STATES, type State } from './states.ts';

/** With `KEYWRIGHT_SCREENSHOTS=1` the pictures of the guide are made anew. */
const FOLDER = 'docs/images';
const shoots = process.env.KEYWRIGHT_SCREENSHOTS === '1';

const LOOKS = [
  { look: 'light', colorScheme: 'light', width: 1280 },
  { look: 'dark', colorScheme: 'dark', width: 1280 },
  { look: 'narrow', colorScheme: 'light', width: 360 },
] as const;

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

  describe.each(LOOKS)('$look', ({ look, colorScheme, width }) => {
    let visit: Visit;

    beforeAll(async () => {
      const viewport = { width, height: 860 };
      visit = await browser.visit(host.dashboard, { colorScheme, viewport });
    });
    afterAll(() => visit?.leave());

    it.each(STATES.map((state) => [state.name, state] as const))('%s', async (_name, state) => {
      const { page } = visit;
      current = state;
      await state.before?.(page);
      // A new element is as good as a new page, and axe need not be loaded for each.
      await page.evaluate(() => {
        const element = document.querySelector('keywright-keys');
        element?.replaceWith(element.cloneNode());
      });
      await state.show(new Dashboard(page));
      expect(await visit.violations()).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      if (shoots && state.picture !== undefined) {
        await page.screenshot({ path: `${FOLDER}/${state.picture}-${look}.png` });
      }
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    });
  });
});
