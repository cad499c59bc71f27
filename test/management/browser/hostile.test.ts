import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { ADA, type Host, OWNER, startHost } from './host.ts';

const NAMES = {
  markup: '<img src=x onerror="alert(1)"><b>bold</b>',
  'a right-to-left mark': '\u202Eyek terces',
  '100 characters without a space': 'W'.repeat(100),
  'a template': '{name} {{name}} $' + '{alert(1)}',
};

describe.skipIf(!HAS_BROWSER)('hostile names appear as text', () => {
  const browser = useBrowser();
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;

  beforeAll(async () => {
    host = await startHost();
    for (const name of Object.values(NAMES)) {
      const actor = { id: ADA.id, name };
      await host.keys.create({ name, owner: OWNER, environment: 'live', actor, reason: name });
    }
    visit = await browser.visit(host.dashboard, { viewport: { width: 360, height: 800 } });
    dashboard = new Dashboard(visit.page);
    await dashboard.ready();
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
  });

  it.each(Object.entries(NAMES))('%s', async (_what, name) => {
    const row = dashboard.rows(name);
    const isolated = row.locator('bdi').first();
    expect(await isolated.textContent()).toBe(name);
    await row.getByRole('button', { name: /^Revoke/ }).click();
    const dialog = visit.page.getByRole('dialog');
    expect(await dialog.getByRole('heading').textContent()).toContain(`Revoke ${name}?`);
    expect(await dialog.locator('h2 bdi').textContent()).toBe(name);
    expect(await visit.page.locator('img, b').count()).toBe(0);
    await visit.page.keyboard.press('Escape');
  });

  it('shows hostile names in the activity too, and none makes the page wider', async () => {
    await dashboard.tab('Activity').click();
    await visit.page.locator('bdi', { hasText: NAMES.markup }).first().waitFor();
    for (const name of Object.values(NAMES)) {
      expect(await visit.page.locator('bdi', { hasText: name }).first().textContent()).toBe(name);
    }
    const width = await visit.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(360);
  });
});
