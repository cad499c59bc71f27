import { memoryStore } from 'keywright';
import { createTotp } from 'keywright/totp';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { furnish } from './furnished.ts';
import { type Host, startHost } from './host.ts';

const ARABIC = [...'٠١٢٣٤٥٦٧٨٩'];

describe.skipIf(!HAS_BROWSER)('languages', () => {
  const browser = useBrowser();
  let host: Host;

  beforeAll(async () => {
    const store = memoryStore();
    host = await startHost({
      store,
      management: {
        texts: { language: 'ar_EG', title: 'مفاتيح' },
        stepUp: createTotp({
          store,
          issuer: 'ProoN',
          encryptionKey: '5f'.repeat(32),
          required: false,
        }),
      },
    });
    await furnish(host.keys);
  });
  afterAll(() => host?.close());

  it('writes the dashboard in the direction of its language', async () => {
    const { page, violations, leave } = await browser.visit(host.dashboard);
    await page.getByRole('heading', { name: 'مفاتيح' }).waitFor();
    await page.getByRole('table').waitFor();
    const direction = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).direction);
    expect(await direction('keywright-keys table')).toBe('rtl');
    expect(await direction('html')).toBe('rtl');
    expect(await violations()).toEqual([]);
    await leave();
  });

  it('takes a code in the digits of any script', async () => {
    const { page, leave } = await browser.visit(host.dashboard);
    const dashboard = new Dashboard(page);
    await dashboard.tab('Security').click();
    await dashboard.button('Set up').click();
    const dialog = page.getByRole('dialog');
    const secret = (await dialog.locator('code').textContent()) ?? '';
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const arabic = code.replace(/\d/g, (digit) => ARABIC[Number(digit)] ?? '');
    await dialog.getByLabel('Code of the app').fill(arabic);
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dashboard.dialog('Save your recovery codes').waitFor();
    await leave();
  });

  it('refuses unknown names of texts where they are set', async () => {
    const { page, leave } = await browser.visit(host.dashboard);
    const problem = await page.locator('keywright-keys').evaluate((element) => {
      try {
        Object.assign(element, { texts: { titel: 'Schlüssel' } });
        return '';
      } catch (error) {
        return String(error);
      }
    });
    expect(problem).toContain("TypeError: texts['titel'] is not known");
    await leave();
  });

  it('sends no token that was pasted', async () => {
    const { secret } = await host.keys.create({
      ...{ name: 'Pasted', owner: 'org_acme', environment: 'live', actor: { id: 'user_ada' } },
    });
    const token = secret.reveal();
    const { page, leave } = await browser.visit(host.dashboard);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    const dashboard = new Dashboard(page);
    await dashboard.button('Create key').first().click();
    await page.getByLabel('Name', { exact: true }).fill(`my key ${token}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    await page.getByText('This text holds a whole API key.').waitFor();
    await dashboard.button('Cancel').click();
    await page.getByRole('searchbox').fill(token);
    await dashboard.rows('Pasted').waitFor();
    await page.getByText('Only the start of the key is searched.').waitFor();
    expect(await dashboard.holds(token)).toBe(false);
    expect(sent.filter((text) => text.includes(token))).toEqual([]);
    expect(page.url()).not.toContain(token);
    await leave();
  });
});
