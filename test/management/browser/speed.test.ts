import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { ADA, type Host, OWNER, startHost } from './host.ts';

const KEYS = 1000;
const MAX_SCRIPT_BYTES = 40_000;
const MAX_MS = 1000;

describe.skipIf(!HAS_BROWSER)('the page is quick', () => {
  const browser = useBrowser();
  let host: Host;

  beforeAll(async () => {
    host = await startHost();
    for (let i = 0; i < KEYS; i++) {
      await host.keys.create({ name: `Key ${i}`, owner: OWNER, environment: 'live', actor: ADA });
    }
  });
  afterAll(() => host?.close());

  it(`with a script of at most ${MAX_SCRIPT_BYTES} bytes, gzipped`, async () => {
    const html = await (await fetch(host.dashboard)).text();
    const [, path = ''] = /<script type="module" src="([^"]+)">/.exec(html) ?? [];
    const response = await fetch(host.base + path);
    expect(response.headers.get('cache-control')).toContain('immutable');
    const { length } = gzipSync(await response.text(), { level: 9 });
    process.stderr.write(`script: ${length} bytes, gzipped\n`);
    expect(length).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });

  it(`and with ${KEYS} keys it can be used within ${MAX_MS} ms`, async () => {
    const times: number[] = [];
    // The quickest counts: others may keep the machine busy, and nothing makes it quicker than it is.
    for (let run = 0; run < 12 && Math.min(...times) >= MAX_MS; run++) {
      const visit = await browser.visit(host.dashboard);
      const dashboard = new Dashboard(visit.page);
      await visit.page.reload({ waitUntil: 'commit' });
      // By the page's own clock, which begins with the navigation, in the first frame with the list.
      const shown = await visit.page.waitForFunction(
        () => {
          const list = document
            .querySelector('keywright-keys')
            ?.shadowRoot?.querySelector('keywright-key-list')?.shadowRoot;
          return list?.querySelector('[data-action=revoke]') ? performance.now() : 0;
        },
        undefined,
        { polling: 'raf' },
      );
      times.push(await shown.jsonValue());
      await dashboard.button(/^Revoke .Key 999.$/).click();
      await dashboard.dialog('Revoke Key 999?').waitFor();
      await visit.leave();
    }
    const best = Math.min(...times);
    process.stderr.write(`interactive: ${Math.round(best)} ms\n`);
    expect(best).toBeLessThan(MAX_MS);
  });

  it('and shows the rest without a click', async () => {
    const visit = await browser.visit(host.dashboard);
    await visit.page.getByText('1,000 keys', { exact: true }).waitFor();
    const last = visit.page.getByText('Key 0', { exact: true });
    await expect
      .poll(
        async () => {
          await visit.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
          return last.count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    await visit.leave();
  });
});
