import manifest from './package.json' with { type: 'json' };
import type { Recipe } from './recipe.ts';

const { dependencies, devDependencies } = manifest;

const keysFrom = (path: string) => `import { keys } from '${path}';`;

const createOrder = {
  method: 'POST',
  path: '/api/orders',
  lines: [['Content-Type', 'application/json']] as const,
  body: '{}',
  status: 201,
};

/** A form, and what counts as one: neither comes from the app's own origin. */
const forms = [[], [['Content-Type', 'application/x-www-form-urlencoded']] as const].map(
  (lines) => ({ ...createOrder, lines, body: 'a=b', status: 403 }),
);

/** What is asked of an app with one file that guards all below `/api`. */
function orders(guardedBy: string) {
  const targets = [
    { guardedBy, path: '/api/orders', body: '"org_acme"' },
    { guardedBy, path: '/api/plain', body: '"let in"' },
    { guardedBy, path: '/api', body: '"let in"' },
  ];
  return { targets, scoped: createOrder, before: forms };
}

const handler = 'app/api/orders/[id]/route.ts';

const next: Recipe = {
  name: `Next.js ${dependencies.next}`,
  page: 'next',
  sections: [
    { section: handler, above: [keysFrom('../../../../keys.ts')] },
    {
      section: handler,
      path: 'app/orders/[id]/route.ts',
      above: [keysFrom('../../../keys.ts')],
    },
    {
      section: 'proxy.ts',
      above: [keysFrom('./keys.ts'), "import { NextResponse } from 'next/server';"],
    },
  ],
  build: [['next/dist/bin/next', 'build']],
  start: ['next/dist/bin/next', 'start', '--hostname', '127.0.0.1'],
  targets: [
    {
      guardedBy: 'the handler',
      path: '/orders/7',
      body: '["org_acme","7"]',
      unguardedMethods: ['OPTIONS'],
    },
    { guardedBy: 'the proxy', path: '/api/plain', body: '"let in"' },
    { guardedBy: 'the proxy and the handler', path: '/api/orders/7', body: '["org_acme","7"]' },
  ],
  scoped: { method: 'DELETE', path: '/orders/7', status: 204 },
  before: [
    { method: 'OPTIONS', path: '/orders/7', status: 204 },
    { method: 'POST', path: '/orders/7', status: 405 },
    { path: '//api/orders/7', status: 308 },
  ],
  tricks: [
    {
      path: '/api/plain',
      lines: [['X-Middleware-Subrequest', 'proxy:proxy:proxy:proxy:proxy']],
    },
    { path: '/api/plain', lines: [['X-Middleware-Next', '1']] },
    { path: '/api/plain', lines: [['Next-Router-Prefetch', '1']] },
    { path: '/api/plain', lines: [['RSC', '1']] },
    { path: '/api/plain.rsc' },
    { path: '/api/plain?_rsc=1' },
    { path: '/_next/data/build/api/plain.json' },
  ],
  framing: 'chunked',
  twoLines: 'merged',
};

const nextEdge: Recipe = {
  ...next,
  name: `Next.js ${dependencies.next}, Edge runtime`,
  variant: 'edge',
  keys: 'keys-in-memory.ts',
  sections: [
    {
      section: handler,
      path: 'app/orders/[id]/route.ts',
      above: [keysFrom('../../../keys.ts'), "export const runtime = 'edge';"],
    },
    {
      section: 'proxy.ts',
      path: 'middleware.ts',
      above: [keysFrom('./keys.ts'), "import { NextResponse } from 'next/server';"],
      renamed: ['proxy', 'middleware'],
    },
  ],
  targets: next.targets.slice(0, 2),
  tricks: [
    {
      path: '/api/plain',
      lines: [['X-Middleware-Subrequest', Array(5).fill('middleware').join(':')]],
    },
    ...next.tricks.slice(1),
  ],
};

const sveltekit: Recipe = {
  name: `SvelteKit ${devDependencies['@sveltejs/kit']}`,
  page: 'sveltekit',
  sections: [
    {
      section: 'src/hooks.server.ts',
      above: [
        "import type { RequestEvent } from '@sveltejs/kit';",
        "import type { Handle } from '@sveltejs/kit/hooks';",
        keysFrom('../keys.ts'),
        "type Resolve = Parameters<Handle>[0]['resolve'];",
      ],
    },
    {
      section: 'src/routes/api/orders/+server.ts',
      above: ["import type { RequestEvent } from '@sveltejs/kit';"],
    },
  ],
  build: [
    ['@sveltejs/kit/svelte-kit.js', 'sync'],
    ['typescript/bin/tsc', '--noEmit'],
    ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  ],
  start: ['./build/index.js'],
  ...orders('the hook'),
  tricks: [
    { path: '/api/orders/__data.json' },
    { path: '/api/orders/__route.js' },
    { path: '/_app/../api/orders' },
  ],
  framing: 'content-length',
  twoLines: 'refused',
};

const reactRouter: Recipe = {
  name: `React Router ${dependencies['react-router']}`,
  page: 'react-router',
  sections: [
    {
      section: 'app/routes/me.ts',
      above: [
        "import type { LoaderFunctionArgs as Args } from 'react-router';",
        keysFrom('../../keys.ts'),
      ],
    },
    {
      section: 'app/routes/api.ts',
      above: [
        "import { createContext, type LoaderFunctionArgs as Args } from 'react-router';",
        "import type { Route } from './+types/api.ts';",
        keysFrom('../../keys.ts'),
        'type Next = Parameters<Route.MiddlewareFunction>[1];',
      ],
    },
    {
      section: 'app/routes/api.orders.ts',
      above: [
        "import type { ActionFunctionArgs as Args } from 'react-router';",
        "import { caller } from './api.ts';",
      ],
    },
  ],
  build: [
    ['@react-router/dev/bin.cjs', 'typegen'],
    ['typescript/bin/tsc', '--noEmit'],
    ['@react-router/dev/bin.cjs', 'build'],
  ],
  start: ['@react-router/serve/bin.cjs', 'build/server/index.js'],
  targets: [
    { guardedBy: 'the loader', path: '/me', body: '"org_acme"' },
    { guardedBy: 'the middleware', path: '/api/plain', body: '"let in"' },
  ],
  scoped: createOrder,
  before: [{ method: 'POST', path: '/me', status: 405 }],
  tricks: [
    { path: '/me.data' },
    { path: '/me.data?_routes=routes%2Fme' },
    { path: '/api/plain.data' },
    { path: '/api/plain.data?_routes=routes%2Fapi.plain' },
    { path: '/api/plain?_data=routes%2Fapi.plain' },
    { path: '/api/plain?index' },
    { ...createOrder, path: '/api/orders.data' },
  ],
  framing: 'content-length',
  twoLines: 'merged',
};

const astro: Recipe = {
  name: `Astro ${dependencies.astro}`,
  page: 'astro',
  sections: [
    {
      section: 'src/middleware.ts',
      above: [
        "import type { APIContext, MiddlewareNext as Next } from 'astro';",
        keysFrom('../keys.ts'),
      ],
    },
    {
      section: 'src/pages/api/orders.ts',
      above: ["import type { APIContext } from 'astro';"],
    },
  ],
  build: [
    ['astro/bin/astro.mjs', 'sync'],
    ['typescript/bin/tsc', '--noEmit'],
    ['astro/bin/astro.mjs', 'build'],
  ],
  start: ['./dist/server/entry.mjs'],
  ...orders('the middleware'),
  tricks: [
    { path: '/_server-islands/api/orders' },
    { path: '/api/orders', lines: [['X-Astro-Path', '/']] },
    { path: '/?x_astro_path=/api/orders', lines: [['X-Astro-Path', '/api/orders']] },
  ],
  framing: 'content-length',
  twoLines: 'merged',
};

export const recipes: readonly Recipe[] = [next, nextEdge, sveltekit, reactRouter, astro];
