import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findProgram } from '../../servers/daemon.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser of the run listens; empty if there is none. */
    browser: string;
  }
}

/** Starts one browser for all files, and says what is missing before any test is skipped for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync('dist/management/index.js')) throw new Error('run `npm run build` first');
  const executablePath = findProgram('chromium') ?? findProgram('chromium-browser');
  if (executablePath === undefined) {
    const notice = 'Chromium is not installed, so the tests of the dashboard are skipped';
    if (process.env.KEYWRIGHT_REQUIRE_SERVERS === '1') throw new Error(notice);
    process.stderr.write(`\n${notice}\n`);
    project.provide('browser', '');
    return async () => {};
  }
  const server = await chromium.launchServer({ executablePath, args: ['--no-sandbox'] });
  project.provide('browser', server.wsEndpoint());
  return () => server.close();
}
