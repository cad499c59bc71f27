import type { RequestHandler } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import { handle } from './hooks.server.ts';
import { GET, POST } from './routes/api/orders/+server.ts';

/** What SvelteKit takes of these modules, by its own types. */
export const taken: { handle: Handle; GET: RequestHandler; POST: RequestHandler } = {
  handle,
  GET,
  POST,
};
