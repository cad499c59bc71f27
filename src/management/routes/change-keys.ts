import { defined } from '../../json.ts';
import { jsonAnswer } from '../answer.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import { assertGrantable } from '../session.ts';
import { expiryOrNull, ref, shape, withState } from '../shapes.ts';
import { METADATA, NAME, REASON, SCOPES } from './parts.ts';

const REASON_ALONE = {
  type: 'object',
  properties: { reason: REASON },
  additionalProperties: false,
} as const;

/** The routes that change keys and show no token. */
export function changeKeyRoutes({ clock }: Settings): Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/api/keys/{id}',
      operationId: 'updateKey',
      summary: 'Rename or edit a key',
      action: 'update',
      body: {
        type: 'object',
        properties: {
          name: NAME,
          scopes: SCOPES,
          metadata: METADATA,
          enabled: { type: 'boolean', description: 'A disabled key is refused.' },
          expiresAt: expiryOrNull('From when on the key is refused, null for never.'),
          reason: REASON,
        },
        additionalProperties: false,
      },
      answer: {
        status: 200,
        description: 'The key as it now is.',
        schema: shape({ record: ref('Key') }),
      },
      refusals: ['scope_not_grantable', 'key_revoked'],
      async handle({ keys, session, id, body: { reason, ...change } }) {
        assertGrantable(session, change.scopes);
        const by = defined({ actor: session.actor, reason });
        const record = await keys.update(id, change, by);
        return jsonAnswer(200, { record: withState(record, clock.now()) });
      },
    }),

    route({
      method: 'POST',
      path: '/api/keys/{id}/revoke',
      operationId: 'revokeKey',
      summary: 'Revoke a key for good',
      description: 'A key that is revoked already stays as it is.',
      action: 'revoke',
      stepUp: 'revoke',
      body: REASON_ALONE,
      answer: {
        status: 200,
        description: 'The key as it now is: refused everywhere.',
        schema: shape({ record: ref('Key') }),
      },
      async handle({ keys, session, id, body }) {
        const record = await keys.revoke(id, { ...body, actor: session.actor });
        return jsonAnswer(200, { record: withState(record, clock.now()) });
      },
    }),

    route({
      method: 'POST',
      path: '/api/keys/revoke-all',
      operationId: 'revokeAllKeys',
      summary: 'Revoke all keys',
      action: 'revoke',
      stepUp: 'revoke',
      body: REASON_ALONE,
      answer: {
        status: 200,
        description: 'How many keys were not revoked before.',
        schema: shape({ revoked: { type: 'integer', minimum: 0 } }),
      },
      async handle({ keys, session, body }) {
        return jsonAnswer(200, await keys.revokeAll({ ...body, actor: session.actor }));
      },
    }),
  ];
}
