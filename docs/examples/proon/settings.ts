import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasCode, type NewKey, type OwnerKeys } from 'keywright';
import type { FindSession, Session } from './accounts.ts';
import { readJson, sendJson } from './http.ts';
import type { ProonKeys } from './keys.ts';

/** The address of the settings that a signed-in user manages keys under. */
export const SETTINGS = '/app/settings/api-keys';

type Keys = OwnerKeys<'live' | 'test'>;
type Body = Record<string, unknown>;
type Answer = readonly [status: number, body: unknown];

/**
 * Create, list, rotate, revoke and activity for the owner whom the session names. The owner and the
 * actor come from the session alone: nothing in a request can name another.
 */
export function settingsHandler(keys: ProonKeys, findSession: FindSession) {
  return async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> => {
    const session = findSession(req.headers.cookie);
    if (session === undefined) return sendJson(res, 403, { error: 'sign_in_first' });
    const body = await readJson(req);
    if (body === undefined) return sendJson(res, 400, { error: 'invalid_json' });
    try {
      const answer = await answerTo(
        `${req.method} ${path}`,
        body,
        keys.forOwner(session.owner),
        session,
      );
      sendJson(res, ...answer);
    } catch (error) {
      sendJson(res, ...failure(error));
    }
  };
}

async function answerTo(call: string, body: Body, keys: Keys, session: Session): Promise<Answer> {
  const actor = { id: session.userId };
  const [, id = '', operation = ''] = /^POST \/([^/]+)\/(rotate|revoke)$/.exec(call) ?? [];
  switch (operation || call) {
    case 'GET ':
      return [200, await keys.list()];
    case 'GET /activity':
      return [200, await keys.activity()];
    case 'POST ': {
      const { name, environment = 'live', expiresAt } = body as Partial<NewKey<'live' | 'test'>>;
      const wanted = { name: name as string, environment, actor };
      const created = await keys.create(
        expiresAt === undefined ? wanted : { ...wanted, expiresAt },
      );
      return [201, { key: created.secret.reveal(), record: created.record }];
    }
    case 'rotate': {
      const { graceMs } = body as { graceMs?: number };
      const rotated = await keys.rotate(id, graceMs === undefined ? { actor } : { actor, graceMs });
      const { secret, record, replaced } = rotated;
      return [201, { key: secret.reveal(), record, replaced }];
    }
    case 'revoke':
      return [200, { record: await keys.revoke(id, { actor }) }];
    default:
      return [404, { error: 'not_found' }];
  }
}

function failure(error: unknown): Answer {
  const { message } = error as Error;
  if (hasCode(error, 'invalid_argument')) return [400, { error: 'invalid_argument', message }];
  if (hasCode(error, 'key_not_found')) return [404, { error: 'not_found' }];
  if (hasCode(error, 'key_revoked')) return [409, { error: 'key_revoked', message }];
  if (hasCode(error, 'key_replaced')) return [409, { error: 'key_replaced', message }];
  return [500, { error: 'internal' }];
}
