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

  it('shows a hint if there are no keys', async () => {
    await visit.page.getByText('Create your first key').waitFor();
    expect(await visit.page.title()).toBe('API keys · ProoN');
  });

  it('creates a key that is shown once, copied and valid at once', async () => {
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
    const done = shown.getByRole('button', { name: 'I have saved the key' });
    expect(await done.isDisabled()).toBe(true);
    // The focus is on the button that copies the key.
    await expect.poll(() => shown.locator('button:focus').textContent()).toContain('Copy key');
    await visit.page.keyboard.press('Enter');
    await shown.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboard()).toBe(first);
    await shown.getByRole('button', { name: 'Copy environment variable' }).click();
    expect(await clipboard()).toBe(`PROON_API_KEY=${first}`);
    await shown.getByRole('button', { name: 'Copy curl command' }).click();
    expect(await clipboard()).toBe(
      `curl -i '${host.base}/api/v1/me' -H "Authorization: Bearer $PROON_API_KEY"`,
    );
    expect(await dashboard.holds(first)).toBe(true);
    await done.click();
    await shown.waitFor({ state: 'detached' });
    expect(await dashboard.holds(first)).toBe(false);

    const { items } = await host.keys.list({ owner: 'org_acme' });
    expect(items).toMatchObject([
      { name: 'Zapier production', environment: 'live', scopes: ['orders:read'] },
    ]);
    const days = ((items[0]?.expiresAt ?? 0) - (items[0]?.createdAt ?? 0)) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
  });

  it('lists keys with hint, creator, times and state', async () => {
    const row = await dashboard.rows('Zapier production').textContent();
    expect(row).toContain(`${first.slice(0, 13)}…`);
    for (const part of ['live', 'by Ada Lovelace', 'Active', '1 scope'])
      expect(row).toContain(part);
  });

  it('asks before it closes a new key that was not copied', async () => {
    const shown = await dashboard.create('Mistake');
    await shown.getByRole('button', { name: 'Close' }).click();
    const asked = dashboard.dialog('Close without copying?');
    await asked.getByRole('button', { name: 'Go back' }).click();
    expect(await dashboard.shownKey(shown)).toMatch(/^prn_live_/);
    await visit.page.keyboard.press('Escape');
    await asked.getByRole('button', { name: 'Close anyway' }).click();
    await dashboard.rows('Mistake').waitFor();
  });

  it('rotates a key: both work, and the old one shows that it is in use', async () => {
    await dashboard.button(/^Rotate .Zapier production.$/).click();
    await dashboard.dialog('Rotate key').getByRole('button', { name: 'Rotate key' }).click();
    const shown = dashboard.dialog('Save your key');
    second = await dashboard.shownKey(shown);
    expect(second).not.toBe(first);
    expect([await host.call(first), await host.call(second)]).toEqual([200, 200]);
    await host.keys.flush();
    await dashboard.save(shown);
    const old = dashboard.dialog('Retire the old key');
    await old.getByText('Still in use: last used just now').waitFor();
    await old.getByRole('button', { name: 'Not yet' }).click();
    expect(await dashboard.rows('Zapier production').count()).toBe(2);
  });

  it('revokes the old key after a rotation, and refuses it at once', async () => {
    await dashboard.button(/Finish the rotation of/).click();
    const old = dashboard.dialog('Retire the old key');
    await old.getByRole('button', { name: 'Revoke now…' }).click();
    const asked = dashboard.dialog('Revoke Zapier production?');
    await asked.getByText('Still in use').waitFor();
    expect(await host.call(first)).toBe(200);
    await asked.getByRole('button', { name: 'Revoke anyway' }).click();
    await expect.poll(() => host.call(first)).toBe(401);
    await expect.poll(() => dashboard.rows('Zapier production').count()).toBe(1);
    expect([await host.call(first), await host.call(second)]).toEqual([401, 200]);
  });

  it('renames, disables and changes the expiry of a key', async () => {
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

  it('revokes a key after a question that names it', async () => {
    await dashboard.button(/^Revoke .Reports nightly.$/).click();
    const dialog = dashboard.dialog('Revoke Reports nightly?');
    await dialog.getByLabel('Reason (optional)').fill('leaked in a log');
    await dialog.getByRole('button', { name: 'Revoke key' }).click();
    await expect.poll(() => dashboard.rows('Reports nightly').count()).toBe(0);
  });

  it('finds keys by environment, state, name, start of the key and warning', async () => {
    const { page } = visit;
    const shown = (text: string) => page.getByText(text, { exact: true }).waitFor();
    const search = page.getByRole('searchbox');
    const status = page.getByLabel('Status', { exact: true });
    await shown('1 of 3 keys');
    await status.selectOption('Revoked');
    await shown('2 of 3 keys');
    expect(page.url()).toBe(`${host.dashboard}#keys?state=revoked`);
    await page.reload();
    await shown('2 of 3 keys');
    await status.selectOption('Any status');
    await shown('3 keys');
    await search.fill('ZAPIER');
    await shown('2 of 3 keys');
    await search.fill(second.slice(0, 13));
    await shown('1 of 3 keys');
    // A whole key is cut down to its start, and is nowhere in the page.
    await search.fill(`  ${second}`);
    await shown('1 of 3 keys');
    expect(await search.inputValue()).toBe(second.slice(0, 13));
    expect(await dashboard.holds(second)).toBe(false);
    expect(page.url()).not.toContain(second);
    await page.getByLabel('Environment', { exact: true }).selectOption('test');
    await page.getByText('No key matches').waitFor();
    await dashboard.button('Clear filters').click();
    await shown('1 of 3 keys');
    await dashboard.button('Unused').click();
    await page.getByText('No key matches').waitFor();
    await dashboard.button('Unused').click();
    await status.selectOption('Any status');
    await page.getByLabel('Order').selectOption('By name');
    await expect
      .poll(() => page.getByRole('rowheader').locator('.name bdi').allTextContents())
      .toEqual(['Reports nightly', 'Zapier production', 'Zapier production']);
  });

  it('reads keys again when another tab has changed one, and on focus', async () => {
    const other = await visit.context.newPage();
    await other.goto(host.dashboard);
    const there = new Dashboard(other);
    await there.ready();
    await there.button(/^Edit .Zapier production.$/).click();
    await there.dialog('Edit key').getByLabel('Name', { exact: true }).fill('Zapier new');
    await there.button('Save changes').click();
    await dashboard.rows('Zapier new').waitFor();
    await other.close();
    await host.keys.create({
      ...{ name: 'By program', owner: 'org_acme', environment: 'live', actor: { id: 'user_ada' } },
    });
    await visit.page.evaluate(() => {
      const later = Date.now() + 60_000;
      Date.now = () => later;
      dispatchEvent(new Event('focus'));
    });
    const row = dashboard.rows('By program');
    await row.waitFor();
    // The id alone is in the record; the session knows the name.
    expect(await row.textContent()).toContain('by Ada Lovelace');
    await visit.page.reload();
    await dashboard.ready();
  });

  it('filters and saves the activity', async () => {
    const { page } = visit;
    await dashboard.tab('Activity').click();
    await page.getByText('Reason: leaked in a log').waitFor();
    const events = page.getByRole('listitem');
    await expect.poll(() => events.count()).toBe(8);
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

  it('revokes all keys after a typed phrase', async () => {
    await dashboard.tab('Keys').click();
    await dashboard.ready();
    await dashboard.button('Revoke all keys').click();
    const dialog = dashboard.dialog('Revoke all keys?');
    const submit = dialog.getByRole('button', { name: 'Revoke all keys' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Type “revoke all” to confirm').fill('Revoke all');
    await submit.click();
    await visit.page.getByText('2 keys were revoked.').waitFor();
    expect(await host.call(second)).toBe(401);
  });
});
