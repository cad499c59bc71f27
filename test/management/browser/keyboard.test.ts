import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { furnish } from './furnished.ts';
import { type Host, startHost } from './host.ts';

describe.skipIf(!HAS_BROWSER)('by keyboard alone', () => {
  const browser = useBrowser();
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;

  beforeAll(async () => {
    host = await startHost();
    await furnish(host.keys);
    visit = await browser.visit(host.dashboard);
    dashboard = new Dashboard(visit.page);
    await dashboard.ready();
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
  });

  /** What the focus is on: its name and text, through all shadow trees. */
  const focused = () =>
    visit.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
    });
  const press = (key: string) => visit.page.keyboard.press(key);
  const tabTo = async (name: string) => {
    for (let stop = 0; stop < 60 && (await focused()) !== name; stop++) await press('Tab');
    expect(await focused()).toBe(name);
  };

  it('creates a key, and restores the focus', async () => {
    await tabTo('Create key');
    await press('Enter');
    await dashboard.dialog('Create an API key').waitFor();
    await visit.page.keyboard.type('By keyboard');
    await press('Enter');
    const shown = dashboard.dialog('Save your key');
    await shown.waitFor();
    await expect.poll(focused).toBe('Copy key');
    await press('Enter');
    await expect.poll(focused).toBe('Copied');
    await tabTo('I have saved the key');
    await press('Enter');
    await shown.waitFor({ state: 'detached' });
    await dashboard.rows('By keyboard').waitFor();
    expect(await focused()).toBe('Create key');
  });

  it('closes a dialog with Escape', async () => {
    await tabTo('Revoke \u2068By keyboard\u2069');
    await press('Enter');
    const dialog = dashboard.dialog('Revoke By keyboard?');
    await dialog.waitFor();
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused()).toBe('Revoke \u2068By keyboard\u2069');
  });

  it('keeps the focus when the button of a revoked key disappears', async () => {
    await press('Enter');
    const dialog = dashboard.dialog('Revoke By keyboard?');
    await tabTo('Revoke key');
    await press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => dashboard.rows('By keyboard').count()).toBe(0);
    await expect.poll(focused).toBe('API keys');
  });

  it('sections are changed with arrows', async () => {
    await dashboard.tab('Keys').focus();
    await press('ArrowRight');
    expect(await focused()).toBe('Activity');
    await visit.page.getByRole('region', { name: 'Activity' }).waitFor();
    await press('End');
    await press('ArrowRight');
    expect(await focused()).toBe('Keys');
    await dashboard.ready();
  });
});
