import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_BROWSER, useBrowser } from './browser.ts';
import { Dashboard } from './dashboard.ts';
import { BASE_PATH, type Host, startHost } from './host.ts';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const LOGIN = '<!doctype html><title>Sign in</title><h1>Sign in</h1>';

type Answer = (res: ServerResponse) => void;

/** What stands in front of the handler answers in its place. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'a 401 of a proxy': (res) => res.writeHead(401, HTML).end('<h1>401 Unauthorized</h1>'),
  'a 401 in the JSON of a proxy': (res) => res.writeHead(401).end('{"error":"login_required"}'),
  'a redirect to a login page': (res) => res.writeHead(302, { Location: '/login' }).end(),
  'a login page in place of the answer': (res) => res.writeHead(200, HTML).end(LOGIN),
  'an empty object': (res) => res.writeHead(200).end('{}'),
  'a JSON null': (res) => res.writeHead(200).end('null'),
  'no body at all': (res) => res.writeHead(204).end(),
};

describe.skipIf(!HAS_BROWSER)('answers of others than the handler', () => {
  const browser = useBrowser();
  let host: Host;
  let answer: Answer = () => {};

  beforeAll(async () => {
    host = await startHost({
      management: { signInUrl: '/login' },
      pages: {
        [`${BASE_PATH}/api/session`]: (_req, res) => answer(res),
        '/login': (_req, res) => res.writeHead(200, HTML).end(LOGIN),
      },
    });
  });
  afterAll(() => host?.close());

  it.each(Object.entries(ANSWERS))(
    'shows that the session is over after %s',
    async (_what, given) => {
      answer = given;
      const { page, leave } = await browser.visit(host.dashboard);
      await page.getByText('You are signed out').waitFor();
      await new Dashboard(page).button('I have signed in').waitFor();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(page.url()).toBe(`${host.base}/login`);
      await leave();
    },
  );
});
