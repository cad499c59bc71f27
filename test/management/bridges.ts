import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import {
  type Management,
  managementPlugin,
  toHonoHandler,
  toKoaMiddleware,
  toNodeHandler,
} from 'keywright/management';
import Koa from 'koa';

export interface Mounting {
  readonly server: Server;
  /** Its address, without a path. */
  readonly base: string;
  close(): Promise<void>;
}

/** Mounts a handler in a framework, on a free port. */
export type Mount = (management: Management) => Promise<Mounting>;

/** What the frameworks themselves answer to whatever is not the handler's. */
export const ELSEWHERE = 'the host';

export async function listening(listener: RequestListener): Promise<Mounting> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const node: Mount = (management) => {
  const handle = toNodeHandler(management);
  return listening((req, res) => handle(req, res, () => res.end(ELSEWHERE)));
};

const expressAfterParser: Mount = (management) => {
  const app = express();
  app.use(express.json());
  app.use(toNodeHandler(management));
  app.use((_req, res) => void res.send(ELSEWHERE));
  return listening(app);
};

const expressUnderPath: Mount = (management) => {
  const app = express();
  app.use(management.basePath, toNodeHandler(management));
  app.use((_req, res) => void res.send(ELSEWHERE));
  return listening(app);
};

const fastify: Mount = async (management) => {
  const app = Fastify();
  app.get('/', async () => ELSEWHERE);
  app.register(managementPlugin, { management });
  await app.ready();
  return listening(app.routing);
};

const hono: Mount = (management) => {
  const app = new Hono();
  app.all(`${management.basePath}/*`, toHonoHandler(management));
  app.notFound((c) => c.text(ELSEWHERE));
  const whole = Object.assign(async (request: Request) => app.fetch(request), { basePath: '' });
  return listening(toNodeHandler(whole));
};

const koa: Mount = (management) => {
  const app = new Koa();
  app.use(async (ctx, next) => {
    await next();
    ctx.set('X-After', 'yes'); // what middleware around it may still do
  });
  app.use(toKoaMiddleware(management));
  app.use((ctx) => {
    ctx.body = ELSEWHERE;
  });
  app.silent = true;
  return listening(app.callback());
};

export const bridges: Readonly<Record<string, Mount>> = {
  'node:http': node,
  Express: expressUnderPath,
  'Express behind express.json()': expressAfterParser,
  Fastify: fastify,
  Hono: hono,
  Koa: koa,
};
