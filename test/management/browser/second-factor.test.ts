import { createTotp } from 'keywright/totp';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { type Host, startHost } from './host.ts';
import { type OpenStore, STORES } from './stores.ts';

const STEP_MS = 30_000;
/** The clock of the second factor stands still, but for what a test moves it. */
const START = Date.now();

describe.skipIf(!HAS_BROWSER).each(STORES)('the second factor on %s', (_name, open) => {
  const browser = useBrowser();
  let opened: OpenStore;
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;
  /** How far the clock of the second factor is ahead. */
  let ahead = 0;
  let secret = '';
  let recoveryCodes: string[] = [];

  beforeAll(async () => {
    opened = await open();
    const stepUp = createTotp({
      store: opened.store,
      issuer: 'ProoN',
      encryptionKey: '5f'.repeat(32),
      validForMs: 1000,
      clock: { now: () => START + ahead },
    });
    host = await startHost({ store: opened.store, management: { stepUp } });
    visit = await browser.visit(host.dashboard);
    dashboard = new Dashboard(visit.page);
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
    await opened?.close();
  });

  /** A code that was not used before: that of the next step. */
  const nextCode = () => {
    ahead += STEP_MS;
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: START + ahead,
    });
  };
  const prompt = () => dashboard.dialog('Confirm that it is you');
  const enter = async (code: string) => {
    await prompt().getByRole('textbox').fill(code);
    await prompt().getByRole('button', { name: 'Confirm' }).click();
  };
  const askToCreate = async (name: string) => {
    await dashboard.button('Create key').first().click();
    const dialog = dashboard.dialog('Create an API key');
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByRole('button', { name: 'Create key' }).click();
  };
  const saveKey = async () => {
    const shown = dashboard.dialog('Save your key');
    const key = await dashboard.shownKey(shown);
    await dashboard.save(shown);
    await shown.waitFor({ state: 'detached' });
    return key;
  };
  const saveCodes = async () => {
    const shown = dashboard.dialog('Save your recovery codes');
    const text = (await shown.locator('code').textContent()) ?? '';
    await dashboard.button('Close').last().click();
    await dashboard.button('Go back').click();
    await shown.getByRole('button', { name: 'Copy codes' }).click();
    await shown.getByRole('button', { name: 'I have saved the codes' }).click();
    await shown.waitFor({ state: 'detached' });
    return text.split('\n');
  };

  it('is set up on the way, where a key needs one and there is none', async () => {
    await askToCreate('Zapier production');
    await dashboard.dialog('Set up a second factor first').getByText('Set up now').click();
    const dialog = dashboard.dialog('Set up your authenticator');
    const image = dialog.getByRole('img', { name: 'QR code for the authenticator app' });
    await image.waitFor();
    const width = () => image.evaluate((element) => (element as HTMLImageElement).naturalWidth);
    await expect.poll(width).toBeGreaterThan(0);
    secret = (await dialog.locator('code').textContent()) ?? '';
    await dialog.getByLabel('Code of the app').fill('000000');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByText('This code is wrong, or has been used.').waitFor();
    await dialog.getByLabel('Code of the app').fill(nextCode());
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    recoveryCodes = await saveCodes();
    expect(recoveryCodes.length).toBeGreaterThan(5);
    expect(await host.call(await saveKey())).toBe(200);
    for (const shown of [secret, ...recoveryCodes]) {
      expect(await dashboard.holds(shown)).toBe(false);
    }
  });

  it('is asked for again, says what is wrong, and lets the same request through', async () => {
    ahead += STEP_MS;
    await askToCreate('Reports nightly');
    await enter('000000');
    await prompt().getByText('This code is wrong, or has been used.').waitFor();
    expect(await prompt().getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
    await enter(nextCode());
    expect(await host.call(await saveKey())).toBe(200);
    const { items } = await host.keys.list({ owner: 'org_acme' });
    expect(items).toHaveLength(2);
  });

  it('changes nothing if the prompt is cancelled', async () => {
    ahead += STEP_MS;
    await dashboard.button(/^Revoke .Reports nightly.$/).click();
    const dialog = dashboard.dialog('Revoke Reports nightly?');
    await dialog.getByRole('button', { name: 'Revoke key' }).click();
    await prompt().waitFor();
    await visit.page.keyboard.press('Escape');
    await prompt().waitFor({ state: 'detached' });
    expect(await dialog.getByRole('button', { name: 'Revoke key' }).isEnabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dashboard.rows('Reports nightly').filter({ hasText: 'Active' }).waitFor();
  });

  it('says once for how long codes are refused, and asks for none until then', async () => {
    await askToCreate('Billing');
    const wait = prompt().getByText(/Try again in \d+ seconds?\./);
    const wrong = prompt().getByText('This code is wrong, or has been used.');
    for (let guess = 0; guess < 8 && !(await wait.isVisible()); guess++) {
      await enter('000000');
      await wrong.or(wait).first().waitFor();
    }
    await wait.waitFor();
    expect(await prompt().getByText('Too many wrong codes').count()).toBe(1);
    expect(await prompt().getByRole('textbox').count()).toBe(0);
    expect(await dashboard.button('Use a recovery code').count()).toBe(0);
    const seconds = async () => Number(/\d+/.exec((await wait.textContent()) ?? '')?.[0]);
    const before = await seconds();
    await expect.poll(seconds, { timeout: 20_000 }).toBeLessThan(before);
    await prompt().getByRole('button', { name: 'Cancel' }).click();
    const dialog = dashboard.dialog('Create an API key');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await wait.waitFor();
    expect(await prompt().getByRole('textbox').count()).toBe(0);
    await visit.page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await visit.page.reload();
    await dashboard.ready();
  });

  it('is passed with a recovery code, once', async () => {
    ahead += 3_600_000;
    await askToCreate('Billing');
    await dashboard.button('Use a recovery code').click();
    await enter(recoveryCodes[0] ?? '');
    expect(await host.call(await saveKey())).toBe(200);
    ahead += STEP_MS;
    await askToCreate('Mobile');
    await dashboard.button('Use a recovery code').click();
    await enter(recoveryCodes[0] ?? '');
    await prompt().getByText('This code is wrong, or has been used.').waitFor();
    await dashboard.button('Use the authenticator app').click();
    await enter(nextCode());
    await saveKey();
  });

  it('shows new recovery codes, and removes the factor', async () => {
    ahead += STEP_MS;
    await dashboard.tab('Security').click();
    await dashboard.button('New recovery codes').click();
    await enter(nextCode());
    expect(await saveCodes()).not.toContain(recoveryCodes[1]);
    ahead += STEP_MS;
    await dashboard.button('Turn off').click();
    const dialog = dashboard.dialog('Turn off two-factor authentication?');
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await enter(nextCode());
    await visit.page.getByRole('button', { name: 'Set up', exact: true }).waitFor();
  });

  it('tells all of it in the activity log', async () => {
    await dashboard.tab('Activity').click();
    const log = visit.page.getByRole('region', { name: 'Activity' });
    await log.getByText('turned two-factor authentication off').waitFor();
    const text = (await log.textContent()) ?? '';
    for (const part of ['gave a wrong code', 'too many wrong codes', 'used a recovery code']) {
      expect(text).toContain(part);
    }
  });
});
