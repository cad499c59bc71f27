import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../servers/daemon.ts';
import { failureOf } from '../support.ts';
import { codeOf, guideOf, proon } from './guide-texts.ts';
import { BASE, mount, ORIGIN } from './support.ts';

const FORMS = [
  ['/guide', 'text/html; charset=utf-8'],
  ['/guide.md', 'text/markdown; charset=utf-8'],
] as const;

describe.each(FORMS)('%s', (path, type) => {
  it('needs no session, and is asked for again only when it has changed', async () => {
    const { call } = await mount();
    const first = await call('GET', path, { as: null });
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe(type);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(first.headers.get('content-length')).toBe(String(Buffer.byteLength(first.text)));
    const tag = first.headers.get('etag') ?? '';
    const again = await call('GET', path, { headers: { 'if-none-match': tag } });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect((await (await mount()).call('GET', path)).headers.get('etag')).toBe(tag);
    const other = await mount({ brand: { name: 'Acme' } });
    expect((await other.call('GET', path)).headers.get('etag')).not.toBe(tag);
  });

  it('answers HEAD as GET, and nothing else', async () => {
    const { call } = await mount();
    const got = await call('GET', path);
    const head = await call('HEAD', path);
    expect(head).toMatchObject({ status: 200, text: '' });
    expect([...head.headers]).toEqual([...got.headers]);
    const post = await call('POST', path, { json: {} });
    expect(post.status).toBe(405);
    expect(post.headers.get('allow')).toBe('GET, HEAD');
  });

  it('is not there if the host has none', async () => {
    const { call } = await mount({ guide: false });
    expect((await call('GET', path)).status).toBe(404);
  });

  it('is made again after it could not be', async () => {
    const { keys, management } = proon();
    const { authenticate } = keys;
    const broken = { ...keys, authenticate: () => Promise.reject(new Error('not now')) };
    const told: unknown[] = [];
    const failing = proon({ keys: broken, onError: (error) => told.push(error) }).management;
    const request = () => new Request(`${ORIGIN}${management.basePath}${path}`);
    expect((await failing(request())).status).toBe(503);
    expect(told).toEqual([new Error('not now')]);
    Object.assign(broken, { authenticate });
    expect((await failing(request())).status).toBe(200);
  });
});

describe('the pages for API consumers', () => {
  it('makes a refusal of the service once for any number of readers', async () => {
    const events: unknown[] = [];
    const { management } = await mount({}, { onEvent: (event) => events.push(event) });
    expect(events).toEqual([]);
    await guideOf(management);
    await guideOf(management);
    expect(events).toEqual([expect.objectContaining({ type: 'refused', reason: 'absent' })]);
  });

  it('load one stylesheet and one script, whose path tells what is in it, and refer to each other', async () => {
    const { call, management } = await mount();
    const { text } = await call('GET', '/guide');
    const files = [...text.matchAll(/(?:href|src)="(\/[^"#]*)"/g)].map(([, file]) => file ?? '');
    const style = files.find((file) => file.endsWith('.css')) ?? '';
    expect(style).toMatch(/^\/app\/api-keys\/assets\/guide-[0-9a-f]{16}\.css$/);
    const script = style.replace(/[0-9a-f]{16}\.css$/, '');
    expect(files.filter((file) => file.startsWith(script) && file.endsWith('.js'))).toHaveLength(1);
    expect(new Set(files.filter((file) => !file.endsWith('.js')))).toEqual(
      new Set([style, `${BASE}/guide.md`, `${BASE}/`]),
    );
    const answer = await management(new Request(ORIGIN + style));
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(text).not.toMatch(/<script(?! type="module" src="[^"]+"><\/script>)|<style|style=/);
  });

  it('stays out of the OpenAPI document', async () => {
    const { document } = await mount();
    expect(Object.keys(document.paths).filter((path) => !path.startsWith('/api/'))).toEqual([]);
  });
});

describe('the samples', () => {
  const run = promisify(execFile);
  const seen: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    seen.push(req.url, req.headers.authorization);
    const isGood = req.headers.authorization === 'Bearer prn_live_good';
    res.writeHead(isGood ? 200 : 401).end(JSON.stringify({ good: isGood }));
  });
  let html = '';
  const env = { ...process.env, PROON_API_KEY: 'prn_live_good' };

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const apiUrl = `${base}/v1?a='$(id)'&b="\`id\`";\\`;
    ({ html } = await guideOf(
      proon({ brand: { name: 'ProoN', apiUrl: { live: apiUrl } } }).management,
    ));
  });
  afterAll(() => server.close());

  it('calls the API with the key in the curl sample, for any address', async () => {
    const { stdout } = await run('sh', ['-c', `${codeOf(html, 'curl')[0]} -s`], { env });
    expect(JSON.parse(stdout)).toEqual({ good: true });
    expect(seen[0]).toMatch(/^\/v1\?a='\$\(id\)'&b="`id`";\\$/);
  });

  it('calls the API with the key in the JavaScript sample, and fails without it', async () => {
    const script = codeOf(html, 'JavaScript')[0] ?? '';
    const node = (more: object) =>
      run(process.execPath, ['--input-type=module', '--eval', script], {
        env: { ...env, ...more },
      });
    expect((await node({})).stdout).toContain('good: true');
    const failure = await failureOf(() => node({ PROON_API_KEY: 'wrong' }));
    expect(String(failure)).toContain('Error: 401');
  });

  const python = findProgram('python3');
  it.skipIf(python === undefined)('calls the API with the key in the Python sample', async () => {
    const { stdout } = await run(python ?? '', ['-c', codeOf(html, 'Python')[0] ?? ''], { env });
    expect(stdout).toBe("{'good': True}\n");
  });

  const go = findProgram('go');
  it.skipIf(go === undefined)('calls the API with the key in the Go sample', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keywright-go-'));
    const file = join(folder, 'main.go');
    await writeFile(file, codeOf(html, 'Go')[0] ?? '');
    const { stdout } = await run(go ?? '', ['run', file], { env: { ...env, GOFLAGS: '-mod=mod' } });
    expect(JSON.parse(stdout)).toEqual({ good: true });
    await rm(folder, { recursive: true });
  });

  it('writes the address as a literal in the Go sample', () => {
    const literal = /NewRequest\("GET", (".*"), nil\)/.exec(codeOf(html, 'Go')[0] ?? '')?.[1] ?? '';
    expect(JSON.parse(literal)).toMatch(/\/v1\?a='\$\(id\)'&b="`id`";\\$/);
  });
});
