import type { APIRoute, MiddlewareHandler } from 'astro';
import { onRequest } from './middleware.ts';
import { GET, POST } from './pages/api/orders.ts';

/** What Astro takes of these modules, by its own types. */
export const taken: { onRequest: MiddlewareHandler; GET: APIRoute; POST: APIRoute } = {
  onRequest,
  GET,
  POST,
};
