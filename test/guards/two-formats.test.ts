import { expect, it, vi } from 'vitest';
import { makeKey, setUp } from '../support.ts';

it('names the realm of the service in a 403 if an application loads both module formats', async () => {
  const { keys, events } = setUp({ unauthorized: { realm: 'orders' } });
  const { token } = await makeKey(keys);
  const result = await keys.authenticate(`Bearer ${token}`);
  if (!result.ok) throw new Error(result.reason);
  vi.resetModules();
  const { requireScopes } = await import('keywright/fetch');
  const fetchHandler = requireScopes('read')(() => new Response());
  const response = await fetchHandler(new Request('https://example.com'), result.principal);
  expect(response.status).toBe(403);
  expect(response.headers.get('www-authenticate')).toContain('Bearer realm="orders", error=');
  expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'insufficient_scope' });
});
