import { insufficientScope, MANAGE_URL, UNAUTHORIZED, UNAUTHORIZED_WITH_URL } from './answers.ts';
import { assertRefused } from './assertions.ts';
import { bearer, onStage, type Topic } from './stage.ts';

/** The guard sends the service's refusals unchanged. */
export const wording: Topic = {
  'sends the refusal of the specification if the service has a manageUrl': onStage(
    async (stage) => {
      for (const method of ['GET', 'HEAD', 'POST']) {
        await assertRefused(stage, { method, path: '/open' }, UNAUTHORIZED_WITH_URL, 'absent');
      }
    },
    { unauthorized: { manageUrl: MANAGE_URL } },
  ),

  'names the realm of the service in 401 and in 403': onStage(
    async (stage) => {
      const headers = { ...UNAUTHORIZED.headers, 'www-authenticate': 'Bearer realm="orders"' };
      await assertRefused(stage, { path: '/open' }, { ...UNAUTHORIZED, headers }, 'absent');
      const lines = [bearer(stage.caller.token)];
      for (const path of ['/read', '/write']) {
        const scopes = path === '/read' ? 'orders:read' : 'orders:write orders:read';
        const expected = insufficientScope(scopes, 'orders');
        await assertRefused(stage, { path, lines }, expected, 'insufficient_scope');
      }
    },
    { unauthorized: { realm: 'orders' } },
  ),

  'counts the bytes of a message, not its characters': onStage(
    async (stage) => {
      const body = '{"error":"unauthorized","message":"Schlüssel fehlt: 🔑"}';
      const headers = { ...UNAUTHORIZED.headers, 'content-length': '59' };
      await assertRefused(stage, { path: '/open' }, { ...UNAUTHORIZED, headers, body }, 'absent');
    },
    { unauthorized: { message: 'Schlüssel fehlt: 🔑' } },
  ),
};
