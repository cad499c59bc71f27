import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenGuard } from 'keywright/testing';
import { nestModule } from './nest-module.ts';

const options = { logger: false, forceCloseConnections: true } as const;

/** Serves a module of Nest. */
export async function listenNest(module: new () => object, platform: 'express' | 'fastify') {
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(module, adapter, options);
  await app.listen(0, '127.0.0.1');
  return { origin: await app.getUrl(), close: () => app.close() };
}

export const onExpress: OpenGuard = (keys, routes) =>
  listenNest(nestModule(keys, routes), 'express');

export const onFastify: OpenGuard = (keys, routes) =>
  listenNest(nestModule(keys, routes), 'fastify');
