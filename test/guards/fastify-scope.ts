import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { unauthorized } from 'keywright';
import { apiKeyGuard } from 'keywright/fastify';
import { expect } from 'vitest';
import { setUp } from '../support.ts';

export const { keys } = setUp();
export const REFUSAL = unauthorized();

export async function answer(
  app: FastifyInstance,
  url: string,
  { token, method = 'GET' }: { readonly token?: string; readonly method?: 'GET' | 'DELETE' } = {},
) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await app.inject({ url, headers, method });
  return { status: response.statusCode, body: response.body };
}

/** The statuses of what a stranger and of what the holder of the key are answered. */
export async function answers(app: FastifyInstance, url: string, token: string) {
  const stranger = await answer(app, url);
  expect([200, 401, 404]).toContain(stranger.status);
  if (stranger.status === 401) expect(stranger.body).toBe(REFUSAL.body);
  return [stranger.status, (await answer(app, url, { token })).status];
}

/** A scope with the guard and the route `/me`. */
export const guarded: FastifyPluginCallback = (scope, _options, done) => {
  scope.register(apiKeyGuard, { keys });
  scope.get('/me', (request) => request.principal);
  done();
};
