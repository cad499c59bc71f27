import { Elysia, t } from 'elysia';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/elysia';
import { describe, expect, it } from 'vitest';
import { makeKey, setUp } from '../support.ts';

const { keys } = setUp();

function ask(app: { handle: (request: Request) => Promise<Response> }, path: string, init = {}) {
  return app.handle(new Request(`https://api.example.com${path}`, init));
}

describe('the guard of keywright/elysia', () => {
  it('guards the later routes of its instance alone', async () => {
    const api = new Elysia()
      .get('/before', () => 'open')
      .derive(apiKeyGuard(keys))
      .get('/after', () => 'let in');
    const app = new Elysia().use(api).get('/outside', () => 'open');
    expect((await ask(app, '/before')).status).toBe(200);
    expect((await ask(app, '/outside')).status).toBe(200);
    expect((await ask(app, '/after')).status).toBe(401);
    expect((await ask(app, '/unknown')).status).toBe(404);
  });

  it('guards the scope that derive names', async () => {
    const guard = new Elysia().derive({ as: 'scoped' }, apiKeyGuard(keys));
    const app = new Elysia().use(guard).get('/', ({ principal }) => principal.owner);
    expect((await ask(app, '/')).status).toBe(401);
    const { token } = await makeKey(keys);
    const response = await ask(app, '/', { headers: { authorization: `Bearer ${token}` } });
    expect(await response.text()).toBe('org_1');
  });

  it.each([true, false])('refuses before it validates, compiled or not: %s', async (aot) => {
    const app = new Elysia({ aot })
      .derive(apiKeyGuard(keys))
      .get('/:id', ({ params }) => params.id, { params: t.Object({ id: t.Number() }) });
    expect((await ask(app, '/x')).status).toBe(401);
    const { token } = await makeKey(keys);
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(app, '/x', { headers })).status).toBe(422);
    expect((await ask(app, '/1', { headers })).status).toBe(200);
  });

  it.each([true, false])('requires scopes, compiled or not: %s', async (aot) => {
    const app = new Elysia({ aot })
      .derive(apiKeyGuard(keys))
      .get('/', (context) => principalOf(context).owner, { beforeHandle: requireScopes('read') });
    const { token } = await makeKey(keys);
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(app, '/', { headers })).status).toBe(403);
    expect((await ask(app, '/')).status).toBe(401);
  });

  it('is awaited when its source is minified', async () => {
    const { build } = await import('esbuild');
    const { outputFiles } = await build({
      stdin: { contents: "export * from './src/guards/elysia.ts'", resolveDir: process.cwd() },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      // No async functions of the language: what stands for them must be waited for too.
      target: 'es2016',
      external: ['node:*'],
    });
    const text = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
    const minified: typeof import('keywright/elysia') = await import(
      /* @vite-ignore */ `data:text/javascript;base64,${text}`
    );
    let reached = 0;
    const app = new Elysia()
      .derive(minified.apiKeyGuard(keys))
      .get('/', () => `${++reached}`)
      .get('/scoped', () => `${++reached}`, { beforeHandle: minified.requireScopes('read') });
    expect((await ask(app, '/')).status).toBe(401);
    const { token } = await makeKey(keys);
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(app, '/scoped', { headers })).status).toBe(403);
    expect(reached).toBe(0);
    expect((await ask(app, '/', { headers })).status).toBe(200);
  });
});
