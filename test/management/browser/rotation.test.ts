import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { ADA, type Host, OWNER, startHost } from './host.ts';

const MINUTE_MS = 60_000;

describe.skipIf(!HAS_BROWSER)('the end of a rotation', () => {
  const browser = useBrowser();
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;
  /** How far the clock of the service is behind that of the browser. */
  let behind = 60 * MINUTE_MS;
  let old = '';
  let fresh = '';

  beforeAll(async () => {
    host = await startHost({ clock: { now: () => Date.now() - behind } });
    const key = { name: 'Nightly', owner: OWNER, environment: 'live', actor: ADA } as const;
    const { secret, record } = await host.keys.create(key);
    old = secret.reveal();
    await host.call(old);
    await host.keys.flush();
    behind -= MINUTE_MS;
    fresh = (await host.keys.rotate(record.id, { actor: ADA })).secret.reveal();
    visit = await browser.visit(host.dashboard);
    dashboard = new Dashboard(visit.page);
    await dashboard.ready();
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
  });

  const finish = async () => {
    await dashboard.button(/Finish the rotation of/).click();
    return dashboard.dialog('Retire the old key');
  };

  it('is neutral at first, with the use before the rotation', async () => {
    const dialog = await finish();
    await dialog.getByText('Too early to tell').waitFor();
    expect(await dialog.textContent()).toMatch(/Last used .+, before the rotation\./);
    expect(await dialog.locator('.positive').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Revoke now…' }).click();
    const asked = dashboard.dialog('Revoke Nightly?');
    await asked.getByRole('button', { name: 'Not yet' }).click();
    await dialog.getByRole('button', { name: 'Not yet' }).click();
    expect(await host.call(old)).toBe(200);
  });

  it('warns while the old key is in use', async () => {
    await host.keys.flush();
    const dialog = await finish();
    await dialog.getByText('Still in use').waitFor();
    await dialog.getByRole('button', { name: 'Not yet' }).click();
  });

  it('stays neutral after the quiet time, as long as the new key is not used', async () => {
    behind -= 20 * MINUTE_MS;
    const dialog = await finish();
    await dialog.getByText('The new key has not been used yet').waitFor();
    expect(await dialog.locator('.positive').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Not yet' }).click();
  });

  it('is green once the old key is quiet and the new one in use, and then asks no more', async () => {
    expect(await host.call(fresh)).toBe(200);
    await host.keys.flush();
    const dialog = await finish();
    await dialog.getByText(/Not used for 2\d minutes, while the new key is in use/).waitFor();
    expect(await dialog.locator('.note.positive').count()).toBe(1);
    await dialog.getByRole('button', { name: 'Revoke old key' }).click();
    await expect.poll(() => dashboard.rows('Nightly').count()).toBe(1);
    expect([await host.call(old), await host.call(fresh)]).toEqual([401, 200]);
  });
});
