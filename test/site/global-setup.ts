import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import startBrowser from '../management/browser/global-setup.ts';
import { freePort } from '../servers/daemon.ts';
import { untilAnswered } from '../servers/until-answered.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built site is served. */
    site: string;
  }
}

export const SITE = 'docs/.vitepress/dist';

/** Serves the built site as `npm run docs:serve` does, and starts the browser. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(`${SITE}/index.html`)) throw new Error('run `npm run docs` first');
  const stopBrowser = await startBrowser(project);
  const port = await freePort();
  const args = ['node_modules/vitepress/bin/vitepress.js', 'preview', 'docs', '--port', `${port}`];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const site = `http://localhost:${port}`;
  await untilAnswered(site, server);
  project.provide('site', site);
  return async () => {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
    await stopBrowser();
  };
}
