import { expect, it } from 'vitest';
import { run, snippetsOf } from '../docs/snippets.ts';

/** Code to stand behind a recipe: makes a key, and a request that presents it. */
const PRELUDE = `
const made = await keys.create({
  name: 'Zapier production',
  owner: 'org_acme',
  environment: 'live',
  actor: { id: 'user_ada' },
  scopes: ['orders:read'],
});
const authorization = \`Bearer \${made.secret.reveal()}\`;
const known = (path) => new Request('https://example.com' + path, { headers: { authorization } });
const unknown = (path) => new Request('https://example.com' + path);
const tell = async (answer) => {
  const response = await answer;
  console.log('>', response.status, await response.text());
};
`;

/** By page and place of the snippet in it: calls of what it exports, and what they must tell. */
const RECIPES: readonly [page: string, snippet: number, calls: string, told: readonly string[]][] =
  [
    [
      'next',
      0,
      `const at = { params: Promise.resolve({ id: '7' }) };
    await tell(GET(known('/api/orders/7'), at));
    await tell(DELETE(known('/api/orders/7'), at));
    await tell(GET(unknown('/api/orders/7'), at));`,
      ['200 {"id":"7","owner":"org_acme"}', '403 {"error":"insufficient_scope"', '401 '],
    ],
    [
      'next',
      1,
      `console.log('>', (await proxy(known('/api/orders'))).headers.get('x-middleware-next'));
    await tell(proxy(unknown('/api/orders')));`,
      ['1', '401 '],
    ],
    [
      'sveltekit',
      0,
      `const resolve = (given) => new Response(given.locals.principal?.owner ?? 'nobody');
    const at = (request, id) => ({ event: { request, route: { id }, locals: {} }, resolve });
    await tell(handle(at(known('/api/me'), '/api/me')));
    await tell(handle(at(unknown('/%61pi/me'), '/api/me')));
    await tell(handle(at(unknown('/'), '/')));`,
      ['200 org_acme', '401 ', '200 nobody'],
    ],
    [
      'sveltekit',
      1,
      `await tell(GET({ request: known('/api/orders/7'), params: { id: '7' } }));`,
      ['200 {"owner":"org_acme","id":"7"}'],
    ],
    [
      'react-router',
      0,
      `const params = { id: '7' };
    await tell(loader({ request: known('/api/orders/7'), params }));
    await tell(action({ request: known('/api/orders/7'), params }));
    await tell(action({ request: unknown('/api/orders/7'), params }));`,
      ['200 {"owner":"org_acme","id":"7"}', '403 ', '401 '],
    ],
    [
      'react-router',
      1,
      `const context = new Map();
    const next = async () => new Response(context.get(principalContext)?.owner);
    await tell(middleware[0]({ request: known('/api/me'), context }, next));
    await tell(middleware[0]({ request: unknown('/api/me'), context }, next));`,
      ['200 org_acme', '401 '],
    ],
    [
      'astro',
      0,
      `const locals = {};
    const next = async () => new Response(locals.principal?.owner ?? 'nobody');
    const at = (request, routePattern) => ({ request, routePattern, locals });
    await tell(onRequest(at(unknown('/'), '/'), next));
    await tell(onRequest(at(known('/api/me'), '/api/me'), next));
    await tell(onRequest(at(unknown('//api/me'), '/api/me'), next));`,
      ['200 nobody', '200 org_acme', '401 '],
    ],
    [
      'astro',
      1,
      `await tell(GET({ request: known('/api/orders/7'), params: { id: '7' } }));`,
      ['200 {"owner":"org_acme","id":"7"}'],
    ],
  ];

it.each(RECIPES)(
  'the recipe for %s, %i, lets a good key in and nobody else',
  async (page, place, calls, told) => {
    const snippet = (await snippetsOf(`docs/guide/frameworks/${page}.md`))[place];
    const code = `${snippet?.code}\n{\n${PRELUDE}${calls}\n}\n`;
    const running = await run({ name: page, code });
    expect(await running.ended, running.output()).toBe(0);
    await running.stop();
    const lines = running.output().split('\n');
    const answers = lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2));
    expect(answers).toHaveLength(told.length);
    for (const [i, text] of told.entries()) expect(answers[i]).toContain(text);
  },
  30_000,
);
