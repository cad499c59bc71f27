import axe, { type AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';

/** Whether there is a browser to test in; `global-setup.ts` says so where there is none. */
export const HAS_BROWSER = inject('browser') !== '';

/** A page, and what it has done that it should not have. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What axe finds wrong with the page as it is. */
  violations(): Promise<string[]>;
  /** Fails on errors, reports of the Content-Security-Policy and requests that left the origin. */
  leave(): Promise<void>;
}

/** The browser, for the tests of a file. */
export function useBrowser(): {
  visit(
    url: string,
    options?: BrowserContextOptions,
    before?: (page: Page) => Promise<unknown>,
  ): Promise<Visit>;
} {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.connect(inject('browser'));
  });
  afterAll(() => browser?.close());
  return {
    async visit(url, options = {}, before = async () => {}) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      return open(context, url, before);
    },
  };
}

/** What the browser itself says of an answer that is no success, and of a sandbox that a test chose. */
const BROWSER_NOTES = [
  /^Failed to load resource: the server responded with a status of \d+/,
  /^An iframe which has both allow-scripts and allow-same-origin for its sandbox attribute/,
];

async function open(
  context: BrowserContext,
  url: string,
  before: (page: Page) => Promise<unknown>,
): Promise<Visit> {
  const { origin } = new URL(url);
  const faults: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.exposeFunction('reportViolation', (text: string) => faults.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    const { reportViolation } = window as unknown as { reportViolation(text: string): void };
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      reportViolation(`${violatedDirective} ${blockedURI}`),
    );
  });
  page.on('pageerror', ({ message }) => faults.push(`error: ${message}`));
  page.on('console', (message) => {
    const isNote = BROWSER_NOTES.some((note) => note.test(message.text()));
    if (['error', 'warning'].includes(message.type()) && !isNote) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith('data:') && new URL(target).origin !== origin) {
      faults.push(`request: ${target}`);
    }
  });
  await before(page);
  await page.goto(url);
  return {
    page,
    context,
    violations: () => violationsOf(page),
    async leave() {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
}

async function violationsOf(page: Page): Promise<string[]> {
  // By the debugger, which the Content-Security-Policy does not bind.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  );
}
