import { describe, expect, it } from 'vitest';
import { run, type Snippet, snippetsOf } from './snippets.ts';

/** What a page asks its own code for, by the name that the framework has for a route. */
const asking: Record<string, string> = {
  sveltekit: 'handle({ event: { request, route: { id: route }, locals }, resolve: open })',
  astro: 'onRequest({ request, routePattern: route, locals }, open)',
};

/** The page's code, and the status with which it answers a stranger on each of the routes. */
function onRoutes(snippet: Snippet, call: string): Snippet {
  const code = `${snippet.code}
for (const route of ['/api', '/api/', '/api/orders', '/apis', '/']) {
  const request = new Request('https://example.com' + route);
  const locals = {} as never;
  const open = async () => new Response('in');
  console.log(route, (await ${call}).status);
}
`;
  return { ...snippet, code };
}

describe('the recipes that guard all below `/api`', () => {
  it.each(Object.entries(asking))(
    'of %s guard `/api` itself too, and no more',
    async (page, call) => {
      const [recipe] = await snippetsOf(`docs/guide/frameworks/${page}.md`);
      const running = await run(onRoutes(recipe as Snippet, call));
      const code = await running.ended;
      await running.stop();
      expect(code, running.output()).toBe(0);
      const answers = ['/api 401', '/api/ 401', '/api/orders 401', '/apis 200', '/ 200'];
      expect(running.output().split('\n')).toEqual(expect.arrayContaining(answers));
    },
  );
});
