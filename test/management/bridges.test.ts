import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify from 'fastify';
import type { ActivityEvent, KeyStore } from 'keywright';
import { memoryStore } from 'keywright';
import { contextOf, managementPlugin, toNodeHandler } from 'keywright/management';
import { afterEach, describe, expect, it } from 'vitest';
import { wrong } from '../support.ts';
import { bridges, ELSEWHERE, listening, type Mount, type Mounting } from './bridges.ts';
import { authorize, BASE, mount, requestOf } from './support.ts';

const newKey = { name: 'Schlüssel', environment: 'live' };

let open: Mounting | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function serve(start: Mount, ...options: Parameters<typeof mount>) {
  const mounted = await mount(...options);
  open = await start(mounted.management);
  const { base } = open;
  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(base + path, {
      method,
      ...init,
      headers: { cookie: 'session=ada', origin: base, ...(init.headers as object) },
    });
  const send = (path: string, json: unknown) =>
    ask('POST', BASE + path, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });
  return { ...mounted, base, ask, send };
}

/** A store whose log never ends, and that knows how often it was asked. */
function endless() {
  const seen = { pages: 0 };
  const event: ActivityEvent = {
    ...{ id: 'f'.repeat(64), sequence: 1, at: 0, action: 'key.updated', owner: 'org_1' },
    actor: { id: 'user_1', note: 'x'.repeat(500) },
  };
  const listActivity: KeyStore['listActivity'] = async ({ limit }) => {
    seen.pages++;
    return { items: Array.from({ length: limit }, () => event), cursor: '1' };
  };
  return { store: { ...memoryStore(), listActivity }, seen };
}

describe.each(Object.entries(bridges))('mounted in %s', (name, start) => {
  it('answers what the handler answers', async () => {
    const { ask, send, management } = await serve(start);
    const created = await send('/api/keys', newKey);
    expect(created.status).toBe(201);
    const { record } = (await created.json()) as { record: { id: string } };
    for (const path of ['/api/keys', `/api/keys/${record.id}?x=1`, '/openapi.json', '/nowhere']) {
      const there = await management(requestOf('GET', BASE + path));
      const here = await ask('GET', BASE + path);
      expect(here.status).toBe(there.status);
      expect(await here.text()).toBe(await there.text());
      for (const [header, value] of there.headers) expect(here.headers.get(header)).toBe(value);
    }
    const head = await ask('HEAD', `${BASE}/api/keys`);
    expect(head.status).toBe(200);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
    const tag = `${(await ask('GET', `${BASE}/openapi.json`)).headers.get('etag')}`;
    const again = await ask('GET', `${BASE}/openapi.json`, { headers: { 'if-none-match': tag } });
    expect(again.status).toBe(304);
    const rotated = await ask('POST', `${BASE}/api/keys/${record.id}/rotate`);
    expect(rotated.status).toBe(201);
    const put = await ask('PUT', `${BASE}/api/keys`, { body: 'x' });
    expect(put.status).toBe(405);
  });

  it('leaves to the host what is not its own', async () => {
    const { ask } = await serve(start);
    expect(await (await ask('GET', '/')).text()).toBe(ELSEWHERE);
    const near = await ask('GET', `${BASE}x`);
    expect(await near.text()).not.toContain('There is nothing here');
  });

  it('hands on what the framework knows of a request', async () => {
    const contexts: unknown[] = [];
    const { ask } = await serve(start, {
      authorize: (request) => {
        contexts.push(contextOf(request));
        return authorize(request);
      },
    });
    await ask('GET', `${BASE}/api/keys`);
    expect(contexts).toEqual([expect.any(Object)]);
    const marks = { Fastify: 'routeOptions', Hono: 'executionCtx', Koa: 'cookies' };
    const mark = marks[name as keyof typeof marks] ?? 'rawHeaders';
    expect(mark in (contexts[0] as object)).toBe(true);
  });

  it('refuses a body that is too large, chunked or not, and goes on serving', async () => {
    const { ask, keys } = await serve(start);
    const large = new Uint8Array(40_000).fill(0x20);
    for (const body of [large, new Blob([large]).stream()]) {
      const init = {
        headers: { 'content-type': 'application/json' },
        body,
        duplex: 'half',
      } as const;
      const { status } = await ask('POST', `${BASE}/api/keys`, init);
      // A parser that stands before it has limits of its own, and finds no JSON here.
      expect(status).toBe(name.includes('json()') ? 400 : 413);
    }
    expect((await keys.list({ owner: 'org_1' })).items).toEqual([]);
    expect((await ask('GET', `${BASE}/api/keys`)).status).toBe(200);
  });

  it('reads no further than a client that has stopped, and stops when it is gone', async () => {
    const { store, seen } = endless();
    const { base } = await serve(start, {}, { store });
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.pause();
    socket.write(
      `GET ${BASE}/api/activity/export HTTP/1.1\r\nHost: x\r\nCookie: session=ada\r\n\r\n`,
    );
    const settled = await rest(seen);
    // What lies in the buffers of two sockets, at 60 kB a page.
    expect(settled).toBeLessThan(200);
    socket.resume();
    await until(() => seen.pages > settled + 50);
    socket.destroy();
    await rest(seen);
  });

  it('breaks off, and ends as no whole file, where the store fails on the way', async () => {
    let pages = 0;
    const { store } = endless();
    const failing: KeyStore = {
      ...store,
      listActivity: (query) => {
        if (++pages === 3) throw new Error('the store is gone');
        return store.listActivity(query);
      },
    };
    const { ask } = await serve(start, {}, { store: failing });
    const response = await ask('GET', `${BASE}/api/activity/export?format=json`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });
});

/** Sends the head of a request as it is, and gives all that comes back. */
async function raw(base: string, head: string): Promise<string> {
  const socket = connect(Number(new URL(base).port), '127.0.0.1');
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

const STRANGE = [
  'GET //evil.example/app/api-keys/api/keys HTTP/1.1\r\nHost: x',
  'GET http://evil.example/ HTTP/1.1\r\nHost: x',
  'GET /\\evil.example HTTP/1.1\r\nHost: x',
  'GET http:// HTTP/1.1\r\nHost: x',
  'GET http://user:pass@x/app/api-keys/api/keys HTTP/1.1\r\nHost: x',
  'GET /app/api-keys/api/keys HTTP/1.1\r\nHost: a b',
  'OPTIONS * HTTP/1.1\r\nHost: x',
  'TRACE /app/api-keys/api/keys HTTP/1.1\r\nHost: x',
];

describe.each(Object.entries(bridges))('a strange request in %s', (_name, start) => {
  it.each(STRANGE)('is survived, and opens nothing: %j', async (head) => {
    const { base, ask } = await serve(start);
    const cookie = `${head}\r\nCookie: session=ada`;
    expect(await raw(base, cookie)).toMatch(/^HTTP\/1.1 (?:[45]|200 OK.*the host)/s);
    expect((await ask('GET', `${BASE}/api/keys`)).status).toBe(200);
  });
});

describe('toNodeHandler', () => {
  it.each(STRANGE.slice(3))('answers 400 where there is nobody to hand it to: %j', async (head) => {
    const alone: Mount = (management) => listening(toNodeHandler(management));
    const { base } = await serve(alone);
    expect(await raw(base, head)).toMatch(/^HTTP\/1.1 400/);
  });
});

describe('toNodeHandler on HTTP/2', () => {
  it('answers 400 to a method that Web standards forbid', async () => {
    const { management } = await mount();
    const server = http2.createServer(wrong(toNodeHandler(management))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      for (const [method, status] of [
        ['TRACK', 400],
        ['GET', 200],
      ]) {
        const stream = session.request({
          ...{ ':method': `${method}`, ':path': `${BASE}/api/keys`, cookie: 'session=ada' },
        });
        stream.end();
        const [headers] = await once(stream, 'response');
        expect(headers[':status']).toBe(status);
        stream.destroy();
      }
    } finally {
      session.destroy();
      server.close();
    }
  });
});

describe('managementPlugin', () => {
  it('serves HTTP/2', async () => {
    const { management } = await mount();
    const app = Fastify({ http2: true });
    app.register(managementPlugin, { management });
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    const session = http2.connect(base);
    try {
      const body = Buffer.from(JSON.stringify(newKey));
      const stream = session.request({
        ...{ ':method': 'POST', ':path': `${BASE}/api/keys`, cookie: 'session=ada', origin: base },
        'content-type': 'application/json',
      });
      stream.end(body);
      const [headers] = await once(stream, 'response');
      expect(headers[':status']).toBe(201);
      expect(JSON.parse(await text(stream))).toMatchObject({ record: { name: 'Schlüssel' } });
    } finally {
      session.close();
      await app.close();
    }
  });
});

/** Returns the number of pages once nothing reads on; never returns if something reads on for good. */
async function rest(seen: { readonly pages: number }): Promise<number> {
  for (let last = -1; last !== seen.pages; ) {
    last = seen.pages;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return seen.pages;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
