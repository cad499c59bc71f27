import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { type Host, startHost } from './host.ts';
import { type OpenStore, STORES } from './stores.ts';

describe.skipIf(!HAS_BROWSER).each(STORES)('keys on %s', (_name, open) => {
  const browser = useBrowser();
  let opened: OpenStore;
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;
  let first = '';
  let second = '';

  beforeAll(async () => {
    opened = await open();
    host = await startHost({
      store: opened.store,
      session: () => ({ scopes: ['orders:read', 'orders:write'] }),
    });
    visit = await browser.visit(host.dashboard, {
      permissions: ['clipboard-read', 'clipboard-write'],
      acceptDownloads: true,
    });
    dashboard = new Dashboard(visit.page);
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
    await opened?.close();
  });

  const clipboard = () => visit.page.evaluate(() => navigator.clipboard.readText());

  it('begin with none, and with a word on what to do', async () => {
    await visit.page.getByText('Create your first key').waitFor();
    expect(await visit.page.title()).toBe('API keys · Proon');
  });

  it('are created, shown once, copied and good at once', async () => {
    await dashboard.button('Create key').first().click();
    const dialog = dashboard.dialog('Create an API key');
    expect(await dialog.textContent()).toContain('one key for each environment and integration');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    expect(await dialog.getByText('Give the key a name.').isVisible()).toBe(true);
    await dialog.getByLabel('Name', { exact: true }).fill('Zapier production');
    await dialog.getByLabel('orders:read').check();
    await dialog.getByLabel('Expiry', { exact: true }).selectOption('In 30 days');
    await dialog.getByRole('button', { name: 'Create key' }).click();

    const shown = dashboard.dialog('Save your key');
    first = await dashboard.shownKey(shown);
    expect(first).toMatch(/^prn_live_\w{55}$/);
    expect(await host.call(first)).toBe(200);
    await shown.getByRole('button', { name: 'Copy key' }).click();
    expect(await clipboard()).toBe(first);
    await shown.getByRole('button', { name: 'Copy environment variable' }).click();
    expect(await clipboard()).toBe(`PROON_API_KEY=${first}`);
    await shown.getByRole('button', { name: 'Copy curl command' }).click();
    expect(await clipboard()).toBe(
      `curl -i '${host.base}/api/v1/me' -H 'Authorization: Bearer ${first}'`,
    );
    expect(await dashboard.holds(first)).toBe(true);
    await shown.getByRole('button', { name: 'I have saved the key' }).click();
    await shown.waitFor({ state: 'detached' });
    expect(await dashboard.holds(first)).toBe(false);

    const { items } = await host.keys.list({ owner: 'org_acme' });
    expect(items).toMatchObject([
      { name: 'Zapier production', environment: 'live', scopes: ['orders:read'] },
    ]);
    const days = ((items[0]?.expiresAt ?? 0) - (items[0]?.createdAt ?? 0)) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
  });

  it('are listed with hint, creator, times and state', async () => {
    const row = await dashboard.rows('Zapier production').textContent();
    expect(row).toContain(`${first.slice(0, 13)}…`);
    for (const part of ['live', 'by Ada Lovelace', 'Active', '1 scope'])
      expect(row).toContain(part);
  });

  it('ask before they are closed without having been copied', async () => {
    const shown = await dashboard.create('Mistake');
    await shown.getByRole('button', { name: 'Close' }).click();
    const asked = dashboard.dialog('Close without copying?');
    await asked.getByRole('button', { name: 'Back to the key' }).click();
    expect(await dashboard.shownKey(shown)).toMatch(/^prn_live_/);
    await visit.page.keyboard.press('Escape');
    await asked.getByRole('button', { name: 'Close anyway' }).click();
    await dashboard.rows('Mistake').waitFor();
  });

  it('are rotated: both work, and the old one shows that it is in use', async () => {
    await dashboard.button(/^Rotate .Zapier production.$/).click();
    await dashboard.dialog('Rotate key').getByRole('button', { name: 'Rotate key' }).click();
    const shown = dashboard.dialog('Save your key');
    second = await dashboard.shownKey(shown);
    expect(second).not.toBe(first);
    expect([await host.call(first), await host.call(second)]).toEqual([200, 200]);
    await host.keys.flush();
    await shown.getByRole('button', { name: 'I have saved the key' }).click();
    const old = dashboard.dialog('Retire the old key');
    await old.getByText('Still in use: last used just now').waitFor();
    expect(await old.getByRole('button', { name: 'Revoke anyway' }).isVisible()).toBe(true);
    await old.getByRole('button', { name: 'Not yet' }).click();
    expect(await dashboard.rows('Zapier production').count()).toBe(2);
  });

  it('are revoked when the rotation is over, and refused at once', async () => {
    await dashboard.button(/Finish the rotation of/).click();
    const old = dashboard.dialog('Retire the old key');
    await old.getByRole('button', { name: 'Revoke anyway' }).click();
    await dashboard.rows('Zapier production').filter({ hasText: 'Revoked' }).waitFor();
    expect([await host.call(first), await host.call(second)]).toEqual([401, 200]);
  });

  it('are renamed, disabled and given another end', async () => {
    await dashboard.button(/^Edit .Mistake.$/).click();
    const dialog = dashboard.dialog('Edit key');
    await dialog.getByLabel('Name', { exact: true }).fill('Reports nightly');
    await dialog.getByRole('switch', { name: 'Enabled' }).click();
    await dialog.getByLabel('Expiry', { exact: true }).selectOption('In 7 days');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    const row = dashboard.rows('Reports nightly');
    await row.filter({ hasText: 'Disabled' }).waitFor();
    expect(await row.textContent()).toMatch(/Expires in [67] days/);
  });

  it('are revoked after a question that names them', async () => {
    await dashboard.button(/^Revoke .Reports nightly.$/).click();
    const dialog = dashboard.dialog('Revoke Reports nightly?');
    await dialog.getByLabel('Reason (optional)').fill('leaked in a log');
    await dialog.getByRole('button', { name: 'Revoke key' }).click();
    await dashboard.rows('Reports nightly').filter({ hasText: 'Revoked' }).waitFor();
  });

  it('are found by environment, state, text, and by what needs care', async () => {
    const { page } = visit;
    const shown = (count: number) =>
      page.getByText(`${count} ${count === 1 ? 'key' : 'keys'} shown`).waitFor();
    await page.getByLabel('Status', { exact: true }).selectOption('Revoked');
    await shown(2);
    await page.getByLabel('Status', { exact: true }).selectOption('Any status');
    await page.getByLabel('Search by name').fill('zapier');
    await shown(2);
    await page.getByLabel('Environment', { exact: true }).selectOption('test');
    await page.getByText('No key matches').waitFor();
    await dashboard.button('Clear filters').click();
    await shown(3);
    await dashboard.button('Unused').click();
    await page.getByText('No key matches').waitFor();
    await dashboard.button('Unused').click();
    await shown(3);
  });

  it('leave a log that is filtered and saved', async () => {
    const { page } = visit;
    await dashboard.tab('Activity').click();
    await page.getByText('Reason: leaked in a log').waitFor();
    const events = page.getByRole('listitem');
    await expect.poll(() => events.count()).toBe(6);
    await page.getByLabel('Action', { exact: true }).selectOption('Rotated');
    await page.getByText('Ada Lovelace rotated Zapier production').waitFor();
    await expect.poll(() => events.count()).toBe(1);
    const save = async (format: 'CSV' | 'JSON') => {
      const link = page.getByRole('link', { name: `Export the activity as ${format}` });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      return text(await download.createReadStream());
    };
    const csv = (await save('CSV')).trim().split('\r\n');
    expect(csv).toHaveLength(2);
    expect(csv[1]).toContain('key.rotated');
    expect(JSON.parse(await save('JSON'))).toMatchObject([{ action: 'key.rotated' }]);
  });

  it('go all at once after a phrase was typed', async () => {
    await dashboard.tab('Keys').click();
    await dashboard.ready();
    await dashboard.button('Revoke all keys').click();
    const dialog = dashboard.dialog('Revoke all keys?');
    const submit = dialog.getByRole('button', { name: 'Revoke all keys' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Type “revoke all” to confirm').fill('Revoke all');
    await submit.click();
    await visit.page.getByText('1 key was revoked.').waitFor();
    expect(await host.call(second)).toBe(401);
  });
});
