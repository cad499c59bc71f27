import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { KeywrightKeysElement } from 'keywright/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser, type Visit } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { BASE_PATH, type Host, OWNER, startHost } from './host.ts';

const OWN_LIT = 'node_modules/lit-html/lit-html.js';

/** Of a host that is as strict as the dashboard's own page. */
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
  // The page has a Lit of its own, and each policy may be made once.
  "require-trusted-types-for 'script'; trusted-types lit-html keywright",
].join('; ');

const TEXTS = {
  language: 'de',
  title: 'API-Schlüssel',
  'list.total.one': '{count} Schlüssel',
  'list.empty.title': 'Lege den ersten Schlüssel an',
};

const PAGE = `<!doctype html>
<html lang="de"><head><title>Einstellungen</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/host.css"><script type="module" src="/own-lit.js"></script>
<script type="module" src="/dashboard.js"></script></head>
<body><main><h1>Einstellungen</h1>
<keywright-keys base-path="${BASE_PATH}" theme="dark" texts='${JSON.stringify(TEXTS)}'></keywright-keys>
</main></body></html>`;

const STYLE =
  'html { color-scheme: light } keywright-keys { --keywright-accent: rgb(1, 2, 250); --keywright-on-accent: #fff }';

describe.skipIf(!HAS_BROWSER)("the element in a host's own page", () => {
  const browser = useBrowser();
  let host: Host;
  let visit: Visit;
  let dashboard: Dashboard;
  let signedIn = true;

  beforeAll(async () => {
    const script = readFileSync('dist/management/dashboard/index.js', 'utf8');
    const send =
      (type: string, body: string, policy = POLICY) =>
      (_: unknown, res: ServerResponse) => {
        res.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(body);
      };
    host = await startHost({
      session: () => (signedIn ? {} : undefined),
      pages: {
        '/settings': send('text/html; charset=utf-8', PAGE),
        '/host.css': send('text/css', STYLE),
        '/dashboard.js': send('text/javascript', script),
        '/own-lit.js': send('text/javascript', readFileSync(OWN_LIT, 'utf8')),
        '/sandboxed': send(
          'text/html; charset=utf-8',
          PAGE,
          `${POLICY}; sandbox allow-scripts allow-same-origin`,
        ),
      },
    });
    visit = await browser.visit(`${host.base}/settings`);
    dashboard = new Dashboard(visit.page);
  });
  afterAll(async () => {
    await visit?.leave();
    await host?.close();
  });

  it('says what the host says, in its language', async () => {
    await visit.page.getByRole('heading', { name: 'API-Schlüssel', level: 2 }).waitFor();
    await visit.page.getByText('Lege den ersten Schlüssel an').waitFor();
    expect(await visit.page.locator('keywright-keys div').first().getAttribute('lang')).toBe('de');
  });

  it('looks as the host wants it, dark in a light page', async () => {
    const style = await dashboard
      .button('Create key')
      .first()
      .evaluate((button) => {
        const { backgroundColor, colorScheme } = getComputedStyle(button);
        return { backgroundColor, colorScheme };
      });
    expect(style).toEqual({ backgroundColor: 'rgb(1, 2, 250)', colorScheme: 'dark' });
    expect(await visit.violations()).toEqual([]);
  });

  it('makes keys', async () => {
    const shown = await dashboard.create('Zapier production');
    expect(await host.call(await dashboard.shownKey(shown))).toBe(200);
    await shown.getByRole('button', { name: 'Close' }).click();
    await dashboard.button('Close anyway').click();
    await visit.page.getByText('1 Schlüssel').waitFor();
  });

  it('tells of a session that has ended, and goes on with the next', async () => {
    signedIn = false;
    await visit.page.reload();
    await visit.page.getByText('You are signed out').waitFor();
    signedIn = true;
    await visit.page.evaluate(() =>
      document.querySelector<KeywrightKeysElement>('keywright-keys')?.refresh(),
    );
    await dashboard.rows('Zapier production').waitFor();
  });

  it('is defined once, however often it is loaded', async () => {
    await visit.page.evaluate("import('/dashboard.js?again').then(() => true)");
    expect(
      await visit.page.evaluate(() => customElements.get('keywright-keys') !== undefined),
    ).toBe(true);
  });

  it('creates a key in a frame that may not send forms', async () => {
    // As in `<iframe sandbox="allow-scripts allow-same-origin">`.
    const { page, leave } = await browser.visit(`${host.base}/sandboxed`);
    const sandboxed = new Dashboard(page);
    await (await sandboxed.create('By button')).waitFor();
    await sandboxed.button('Close').click();
    await sandboxed.button('Close anyway').click();
    await sandboxed.button('Create key').first().click();
    const name = page.getByLabel('Name', { exact: true });
    await name.fill('By Enter');
    await name.press('Enter');
    await sandboxed.dialog('Save your key').waitFor();
    const { items } = await host.keys.list({ owner: OWNER });
    expect(items.map((key) => key.name).slice(0, 2)).toEqual(['By Enter', 'By button']);
    await leave();
  });
});
