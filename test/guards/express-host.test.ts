import express, { type ErrorRequestHandler, type Express, Router } from 'express';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/node';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeKey, setUp } from '../support.ts';
import { serve } from './server.ts';

const { keys } = setUp();

let token: string;
let app: Express;

beforeEach(async () => {
  ({ token } = await makeKey(keys));
  app = express();
});

async function origin() {
  const errors: unknown[] = [];
  const report: ErrorRequestHandler = (error, _req, res, _next) => {
    errors.push(error);
    res.status(500).send('host');
  };
  app.use(report);
  const site = await serve(app);
  onTestFinished(site.close);
  return { url: site.origin, errors };
}

const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });

describe('the guard of keywright/node in Express', () => {
  it('guards sub-apps, routers and unknown paths behind it', async () => {
    const inner = express();
    inner.get('/me', (req, res) => {
      res.send(`${req.baseUrl} ${principalOf(req).owner}`);
    });
    const router = Router();
    router.get('/orders', (req, res) => {
      res.send(req.principal?.owner);
    });
    app.get('/health', (_req, res) => {
      res.send('ok');
    });
    app.use('/api', apiKeyGuard(keys), router);
    app.use('/api/inner', inner);
    const { url } = await origin();
    const ask = async (path: string) => {
      const [stranger, holder] = await Promise.all([
        fetch(url + path),
        fetch(url + path, bearer(token)),
      ]);
      return [stranger.status, holder.status, await holder.text()];
    };
    expect(await ask('/health')).toEqual([200, 200, 'ok']);
    expect(await ask('/api/orders')).toEqual([401, 200, 'org_1']);
    expect(await ask('/api/inner/me')).toEqual([401, 200, '/api/inner org_1']);
    expect(await ask('/api/unknown')).toEqual([401, 404, expect.any(String)]);
    expect(await ask('/API/unknown')).toEqual([401, 404, expect.any(String)]);
    expect(await ask('/elsewhere')).toEqual([404, 404, expect.any(String)]);
  });

  it('leaves errors of handlers alone', async () => {
    const failure = new Error('the host’s own');
    app.use(apiKeyGuard(keys));
    app.get('/throws', () => {
      throw failure;
    });
    app.get('/rejects', () => Promise.reject(failure));
    const { url, errors } = await origin();
    for (const path of ['/throws', '/rejects']) {
      expect((await fetch(url + path, bearer(token))).status).toBe(500);
    }
    expect(errors).toEqual([failure, failure]);
  });

  it('answers 500, and runs no handler, if requireScopes has no guard before it', async () => {
    app.get('/orders', requireScopes('read'), (_req, res) => {
      res.send('let in');
    });
    const { url, errors } = await origin();
    expect((await fetch(`${url}/orders`, bearer(token))).status).toBe(500);
    expect(errors).toEqual([expect.objectContaining({ code: 'principal_missing' })]);
  });

  it.each([new Error('broken'), undefined, 'route', 'router'])(
    'hands an authentication that rejects to the error handler: %s',
    async (reason) => {
      const authenticate = () => Promise.reject(reason);
      app.get('/orders', apiKeyGuard({ format: keys.format, authenticate }), (_req, res) => {
        res.send('let in');
      });
      app.get('/orders', (_req, res) => {
        res.send('the next route');
      });
      const { url, errors } = await origin();
      const response = await fetch(`${url}/orders`);
      expect([response.status, await response.text()]).toEqual([500, 'host']);
      expect(errors).toEqual([expect.any(Error)]);
    },
  );

  it('requires what every guard on the way requires', async () => {
    const { token: reader } = await makeKey(keys, { scopes: ['read'] });
    app.use(apiKeyGuard(keys));
    app.use('/orders', apiKeyGuard(keys, { scopes: ['read'] }));
    app.get('/orders', (req, res) => {
      res.send(principalOf(req).scopes);
    });
    const { url } = await origin();
    expect((await fetch(`${url}/orders`)).status).toBe(401);
    expect((await fetch(`${url}/orders`, bearer(token))).status).toBe(403);
    const response = await fetch(`${url}/orders`, bearer(reader));
    expect(await response.json()).toEqual(['read']);
  });
});
