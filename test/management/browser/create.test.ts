import { type ApiKeys, createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { type Host, OWNER, startHost } from './host.ts';

const DAY_MS = 86_400_000;

describe.skipIf(!HAS_BROWSER)('the dialog for a new key', () => {
  const browser = useBrowser();
  const service = createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
    store: memoryStore(),
    environments: ['live', 'test'],
    metadata: z.object({ team: z.string() }),
  });
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;
  let session: object | undefined = { scopes: ['orders:read'] };

  beforeAll(async () => {
    const keys: unknown = service;
    host = await startHost({
      session: () => session,
      management: {
        keys: keys as ApiKeys,
        brand: { name: 'ProoN', apiUrl: { live: 'https://api.example.com/v1/me' } },
        defaultExpiryMs: 90 * DAY_MS,
        signInUrl: '/login',
      },
    });
    visit = await browser.visit(host.dashboard);
    dashboard = new Dashboard(visit.page);
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
    await service.close();
  });

  const dialog = () => dashboard.dialog('Create an API key');
  const submit = () => dialog().getByRole('button', { name: 'Create key' }).click();

  it('proposes the expiry of the application, and says what a key without scopes is', async () => {
    await dashboard.button('Create key').first().click();
    const expiry = dialog().getByLabel('Expiry', { exact: true });
    expect(await expiry.locator('option:checked').textContent()).toBe('In 90 days');
    const hint = dialog().getByText('A key without scopes passes no route');
    await hint.waitFor();
    await dialog().getByLabel('orders:read').check();
    await hint.waitFor({ state: 'detached' });
  });

  it('asks for the metadata that the service needs', async () => {
    await dialog().getByLabel('Name', { exact: true }).fill('Zapier test');
    await dialog().getByLabel('test', { exact: true }).check();
    await submit();
    await dialog().getByText('Enter a JSON object.').waitFor();
    expect(await visit.violations()).toEqual([]);
    await dialog().getByLabel('Metadata').fill('{"team": 1}');
    await submit();
    await dialog().getByText('The server refused this: metadata.team').waitFor();
    await dialog().getByLabel('Metadata').fill('{"team": "billing"}');
  });

  it('loses nothing when the session ends, and creates nothing for somebody else', async () => {
    session = undefined;
    await submit();
    await dialog().getByText('You are signed out.').waitFor();
    const link = dialog().getByRole('link', { name: 'Sign in' });
    expect(await link.getAttribute('target')).toBe('_blank');
    session = { owner: 'org_other' };
    await submit();
    await dialog().getByText('You are signed in as somebody else now.').waitFor();
    session = { scopes: ['orders:read'] };
    await submit();
    const shown = dashboard.dialog('Save your key');
    await shown.waitFor();
    const { items } = await service.list({ owner: OWNER });
    expect(items).toMatchObject([{ name: 'Zapier test', metadata: { team: 'billing' } }]);
    expect((await service.list({ owner: 'org_other' })).items).toEqual([]);
  });

  it('shows no test line for an environment that the address is not for', async () => {
    const shown = dashboard.dialog('Save your key');
    expect(await shown.getByRole('button', { name: 'Copy environment variable' }).count()).toBe(1);
    expect(await shown.getByRole('button', { name: 'Copy curl command' }).count()).toBe(0);
  });
});
