import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { ApiKeys } from 'keywright';
import { memoryStore, unauthorized } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeKey, setUp, wrong } from '../support.ts';
import { listen, serve } from './server.ts';
import { uncaught } from './uncaught.ts';

type Listener = (req: IncomingMessage, res: ServerResponse) => void;

async function origin(listener: Listener, options = {}) {
  const site = await serve(listener, options);
  onTestFinished(site.close);
  return site.origin;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** A service whose store answers when it is told to. */
function slowService() {
  const store = memoryStore();
  let answer = () => {};
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { keys } = setUp({
    store: {
      ...store,
      async findByDigest(digest) {
        asked();
        await told;
        return store.findByDigest(digest);
      },
    },
  });
  return { keys, isAsked, answer: () => answer() };
}

/** A token of the same form that no key has. */
const unknown = (token: string) => `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`;

describe('a response that is over before the store answers', () => {
  const cases = ['ended', 'begun', 'cut off'].flatMap((state) => [
    { state, which: 'a good' },
    { state, which: 'an unknown' },
  ]);

  it.each(cases)('stays unchanged: $state, with $which key', async ({ state, which }) => {
    const { keys, isAsked, answer } = slowService();
    const { token } = await makeKey(keys);
    const guard = apiKeyGuard(keys);
    const server = createServer((req, res) => {
      guard(req, res, () => written.push('next'));
    });
    const { port } = new URL(await listen(server));
    onTestFinished(() => {
      server.close();
    });
    const written: unknown[] = [];
    const socket = connect(Number(port), '127.0.0.1');
    const presented = which === 'a good' ? token : unknown(token);
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${presented}\r\n\r\n`);
    const [, res] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    await isAsked;
    if (state === 'cut off') {
      socket.destroy();
      await once(res, 'close');
    } else {
      res.writeHead(504).write('too late');
      if (state === 'ended') res.end();
    }
    for (const method of ['writeHead', 'end'] as const) {
      res[method] = () => {
        written.push(method);
        return res;
      };
    }
    answer();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(written).toEqual([]);
    socket.destroy();
  });
});

describe('the next function', () => {
  const { keys } = setUp();

  it('throws as if no guard stood before it', async () => {
    const { token } = await makeKey(keys);
    const failure = new Error('the host’s own');
    const guard = apiKeyGuard(keys);
    const url = await origin((req, res) => {
      guard(req, res, () => {
        res.end();
        throw failure;
      });
    });
    const surfaced = uncaught();
    await fetch(url, bearer(token));
    expect(await surfaced).toBe(failure);
  });

  it('reads the principal, and throws without a guard', async () => {
    const seen: unknown[] = [];
    const req = wrong({ headers: {}, rawHeaders: [] });
    const res = wrong({});
    const next = () => seen.push('next');
    expect(() => principalOf(req)).toThrow(expect.objectContaining({ code: 'principal_missing' }));
    expect(() => requireScopes('read')(req, res, next)).toThrow(
      expect.objectContaining({ code: 'principal_missing' }),
    );
    expect(seen).toEqual([]);
  });
});

describe('an authentication that rejects', () => {
  const { format } = setUp().keys;

  function rejecting(reason: unknown): Pick<ApiKeys, 'format' | 'authenticate'> {
    return { format, authenticate: () => Promise.reject(reason) };
  }

  it.each([new Error('broken'), undefined, 'route'])(
    'is a 503 and an error of the host, and never what comes next: %s',
    async (reason) => {
      let called = 0;
      const guard = apiKeyGuard(rejecting(reason));
      const url = await origin((req, res) => {
        guard(req, res, () => {
          called++;
          res.end('let in');
        });
      });
      const surfaced = uncaught();
      const response = await fetch(url);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(called).toBe(0);
      const error = await surfaced;
      if (reason instanceof Error) expect(error).toBe(reason);
      else expect(error).toMatchObject({ message: expect.any(String), cause: reason });
    },
  );

  it('passes an error to next if the request is one of Connect', async () => {
    const guard = apiKeyGuard(rejecting('route'));
    const passed: unknown[] = [];
    const url = await origin((req, res) => {
      guard(Object.assign(req, { originalUrl: req.url }), res, (error) => {
        passed.push(error);
        res.writeHead(500).end();
      });
    });
    expect((await fetch(url)).status).toBe(500);
    expect(passed).toEqual([expect.objectContaining({ cause: 'route' })]);
  });
});

describe('the guard of keywright/node', () => {
  const { keys } = setUp();

  it('sends no body to HEAD on a server that throws on one', async () => {
    const guard = apiKeyGuard(keys);
    const url = await origin((req, res) => guard(req, res, () => res.end()), {
      rejectNonStandardBodyWrites: true,
    });
    const response = await fetch(url, { method: 'HEAD' });
    expect(response.status).toBe(401);
    const { headers } = unauthorized();
    expect(response.headers.get('content-length')).toBe(headers['Content-Length']);
  });

  it('counts lines that Node itself drops', async () => {
    const { token } = await makeKey(keys);
    const guard = apiKeyGuard(keys);
    let joined: string | undefined;
    const url = new URL(
      await origin((req, res) => {
        joined = req.headers.authorization;
        guard(req, res, () => res.end('let in'));
      }),
    );
    const lines = ['Host', 'a', 'Authorization', `Bearer ${token}`, 'authorization', 'Bearer x'];
    const sent = request({ host: url.hostname, port: url.port, headers: lines }).end();
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(401);
    expect(joined).toBe(`Bearer ${token}`);
  });

  it('reads one header without raw headers, and refuses a joined or repeated one', async () => {
    const { token } = await makeKey(keys);
    const outcome = async (authorization: string | string[], rawHeaders?: string[]) => {
      const req = wrong({ headers: { authorization }, ...(rawHeaders && { rawHeaders }) });
      return new Promise((resolve) => {
        const res = { writeHead: resolve, setHeader() {}, end() {}, headersSent: false };
        apiKeyGuard(keys)(req, res, () => resolve('let in'));
      });
    };
    const good = `Bearer ${token}`;
    expect(await outcome(good)).toBe('let in');
    expect(await outcome(good, [])).toBe('let in');
    expect(await outcome([good])).toBe('let in');
    expect(await outcome(`${good}, ${good}`)).toBe(401);
    expect(await outcome([good, good])).toBe(401);
    expect(await outcome(good, ['Host', 'a'])).toBe(401);
    expect(await outcome('Bearer x', ['Host', 'a', 'AUTHORIZATION', good])).toBe('let in');
    expect(await outcome('', ['X-Asks', 'authorization', 'Authorization', good])).toBe('let in');
  });

  it('checks its options when it is made', () => {
    for (const [options, argument] of [
      [{ scope: ['read'] }, 'options.scope'],
      [{ environments: ['prod'] }, 'environments[0]'],
      [{ environments: [] }, 'environments'],
      [{ scopes: 'read' }, 'scopes'],
      [null, 'options'],
    ] as const) {
      expect(() => apiKeyGuard(keys, wrong(options))).toThrow(
        expect.objectContaining({ code: 'invalid_argument', argument }),
      );
    }
    expect(() => apiKeyGuard(wrong(undefined))).toThrow('keys must come from createApiKeys()');
    expect(() => requireScopes()).toThrow('scopes must name at least one scope');
    expect(() => requireScopes('two words')).toThrow('scopes[0]');
  });

  it('ignores options changed after it was made', async () => {
    const { token } = await makeKey(keys);
    const options = { scopes: ['admin'] };
    const guard = apiKeyGuard(keys, options);
    options.scopes.length = 0;
    const url = await origin((req, res) => guard(req, res, () => res.end('let in')));
    expect((await fetch(url, bearer(token))).status).toBe(403);
  });
});
