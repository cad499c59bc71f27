import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { unauthorized } from 'keywright';
import { apiKeyGuard, apiKeyHook, principalOf, requireScopes } from 'keywright/fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey, setUp, wrong } from '../support.ts';

const { keys } = setUp();
const REFUSAL = unauthorized();

let token: string;
let app: FastifyInstance;

beforeEach(async () => {
  ({ token } = await makeKey(keys));
  app = Fastify();
});

function ask(url: string, bearer?: string) {
  return app.inject({ url, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
}

describe('the principal of a request', () => {
  it('is set on the request by the guard', async () => {
    app.register(apiKeyGuard, { keys });
    app.get('/', (request) => [request.principal.owner, principalOf(request).owner]);
    expect((await ask('/', token)).json()).toEqual(['org_1', 'org_1']);
  });

  it('throws, and is not undefined, before the guard has run', async () => {
    app.addHook('onRequest', (request, _reply, done) => {
      done(request.principal ? undefined : new Error('undefined'));
    });
    app.register(apiKeyGuard, { keys });
    app.get('/', () => 'let in');
    const response = await ask('/', token);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'principal_missing' });
  });

  it('throws from principalOf and requireScopes without a guard', async () => {
    app.get('/principal', (request) => principalOf(request));
    app.get('/scopes', { onRequest: requireScopes('read') }, () => 'let in');
    for (const url of ['/principal', '/scopes']) {
      const response = await ask(url, token);
      expect(response.statusCode).toBe(500);
      expect(response.json()).toMatchObject({ code: 'principal_missing' });
    }
  });

  it("shares an application's decorator of the same name", async () => {
    app.decorateRequest('principal', wrong(null));
    app.register(apiKeyGuard, { keys });
    app.get('/', (request) => principalOf(request).owner);
    expect((await ask('/', token)).body).toBe('org_1');
  });

  it("fails closed if an application's decorator cannot hold it", async () => {
    app.decorateRequest('principal', { getter: () => wrong({ owner: 'org_2' }) });
    app.register(apiKeyGuard, { keys });
    app.get('/', () => 'let in');
    expect((await ask('/', token)).statusCode).toBe(500);
  });
});

describe('a refusal', () => {
  it('bypasses serializers', async () => {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.serializer(() => 'rewritten');
      done();
    });
    app.setReplySerializer(() => 'rewritten');
    app.setSerializerCompiler(() => () => 'rewritten');
    app.register(apiKeyGuard, { keys });
    const schema = { response: { '4xx': { type: 'object', properties: {} } } };
    app.get('/', { schema }, () => 'let in');
    const { statusCode, body } = await ask('/');
    expect({ statusCode, body }).toEqual({ statusCode: 401, body: REFUSAL.body });
  });

  it('runs the onSend and onResponse hooks of the application', async () => {
    const statuses: number[] = [];
    app.addHook('onSend', (_request, reply, _payload, done) => {
      reply.header('access-control-allow-origin', '*');
      done();
    });
    app.addHook('onResponse', (_request, reply, done) => {
      statuses.push(reply.statusCode);
      done();
    });
    app.register(apiKeyGuard, { keys });
    app.get('/', () => 'let in');
    const { headers, body } = await ask('/');
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(body).toBe(REFUSAL.body);
    expect(statuses).toEqual([401]);
  });

  it.each(['refuses', 'forbids'])(
    'never reaches the handler when a client that it %s hangs up',
    async (what) => {
      let handled = false;
      let sending = () => {};
      const sends = new Promise<void>((resolve) => {
        sending = resolve;
      });
      let send = () => {};
      app.addHook('onSend', (_request, _reply, _payload, done) => {
        send = done;
        sending();
      });
      app.register(apiKeyGuard, { keys });
      app.get('/', { onRequest: requireScopes('read') }, () => {
        handled = true;
        return 'let in';
      });
      await app.listen({ host: '127.0.0.1', port: 0 });
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
      const authorization = what === 'forbids' ? `Authorization: Bearer ${token}\r\n` : '';
      const request = once(app.server, 'request');
      socket.write(`GET /${what} HTTP/1.1\r\nHost: a\r\n${authorization}\r\n`);
      const [, response] = await request;
      await sends;
      socket.destroy();
      await once(response, 'close');
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(handled).toBe(false);
      send();
      await app.close();
      expect(handled).toBe(false);
    },
  );
});

describe('an authentication that rejects', () => {
  const { format } = keys;

  it.each([new Error('broken'), undefined, 'route', null])(
    'is a 500, and lets nobody in: %s',
    async (reason) => {
      const errors: unknown[] = [];
      app.setErrorHandler((error, _request, reply) => {
        errors.push(error);
        reply.code(500).send('host');
      });
      app.register(apiKeyGuard, {
        keys: { format, authenticate: () => Promise.reject(reason) },
      });
      app.get('/', () => 'let in');
      const { statusCode, body } = await ask('/', token);
      expect({ statusCode, body }).toEqual({ statusCode: 500, body: 'host' });
      expect(errors).toEqual([expect.any(Error)]);
      const [error] = errors as Error[];
      expect(error === reason || error?.cause === reason).toBe(true);
    },
  );
});

describe('the options of the guard', () => {
  it.each([
    ['an unknown option', { scope: ['read'] }, 'options.scope'],
    ['a prefix, which a guard has none of', { prefix: '/api' }, 'options.prefix'],
    ['an environment that the format does not have', { environments: ['prod'] }, 'environments[0]'],
    ['no environment', { environments: [] }, 'environments'],
    ['scopes that are no list', { scopes: 'read' }, 'scopes'],
    ['no service', { keys: undefined }, 'keys'],
  ])('are checked before the app is ready: %s', async (_name, options, argument) => {
    app.register(apiKeyGuard, wrong({ keys, ...options }));
    await expect(async () => app.ready()).rejects.toMatchObject({
      code: 'invalid_argument',
      argument,
    });
  });

  it('are optional for the hook of a route, and checked there', () => {
    expect(apiKeyHook(keys)).toBeTypeOf('function');
    expect(() => apiKeyHook(keys, wrong({ scope: ['read'] }))).toThrow('options.scope');
    expect(() => apiKeyHook(wrong(undefined))).toThrow('keys');
    expect(() => requireScopes()).toThrow('scopes');
    expect(() => requireScopes('two words')).toThrow('scopes[0]');
  });

  it('name the plugin', async () => {
    app.register(apiKeyGuard, { keys });
    await app.ready();
    expect(app.hasPlugin('keywright')).toBe(true);
  });
});

describe('a reply that throws', () => {
  const broken = new Error('sent already');
  const reply = new Proxy(
    {},
    {
      get: () => {
        throw broken;
      },
    },
  );
  const later = { ...keys, authenticate: async () => keys.authenticate(undefined) };

  it.each([
    ['at once', keys],
    ['later', later],
  ])('is an error of the request, once, where the key is refused %s', async (_, service) => {
    const told: unknown[] = [];
    await new Promise<void>((resolve) => {
      apiKeyHook(service)(wrong({ raw: { headers: {} } }), wrong(reply), (error) => {
        told.push(error);
        resolve();
      });
    });
    expect(told).toEqual([broken]);
  });
});
