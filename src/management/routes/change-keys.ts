import { jsonAnswer } from '../answer.ts';
import type { Capacity } from '../capacity.ts';
import { EFFECTIVE_BY, effectiveBy, WAIT_MS } from '../effective-by.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import { expiryOrNull, ref, shape, withState } from '../shapes.ts';
import { updater } from '../updater.ts';
import { METADATA, NAME, REASON, SCOPES } from './parts.ts';

const REASON_ALONE = {
  type: 'object',
  properties: { reason: REASON },
  additionalProperties: false,
} as const;

/** The routes that change keys and show no token. */
export function changeKeyRoutes(settings: Settings, capacity: Capacity): Route[] {
  const { clock } = settings;
  const update = updater(settings, capacity);
  return [
    route({
      method: 'PATCH',
      path: '/api/keys/{id}',
      operationId: 'updateKey',
      summary: 'Rename or edit a key',
      description:
        'Enabling a key, extending its life or adding scopes requires the second factor, and a session that may grant all scopes of the key. Reviving an expired key also requires room in the quota.',
      action: 'update',
      body: {
        type: 'object',
        properties: {
          name: NAME,
          scopes: SCOPES,
          metadata: METADATA,
          enabled: { type: 'boolean', description: 'A disabled key is refused.' },
          expiresAt: expiryOrNull('When the key expires, null for never.'),
          reason: REASON,
        },
        additionalProperties: false,
      },
      answer: {
        status: 200,
        description: 'The key after the change.',
        schema: shape({ record: ref('Key') }, EFFECTIVE_BY),
      },
      refusals: ['scope_not_grantable', 'quota_reached', 'step_up_required', 'key_revoked'],
      async handle(call) {
        const { reason, ...change } = call.body;
        const { effect, ...record } = await update(call, change, reason);
        return jsonAnswer(200, { record: withState(record, clock.now()), ...effectiveBy(effect) });
      },
    }),

    route({
      method: 'POST',
      path: '/api/keys/{id}/revoke',
      operationId: 'revokeKey',
      summary: 'Revoke a key for good',
      description: 'A key that is already revoked does not change.',
      action: 'revoke',
      stepUp: 'revoke',
      body: REASON_ALONE,
      answer: {
        status: 200,
        description:
          'The key after the change. It is refused everywhere, unless `effectiveBy` is present.',
        schema: shape({ record: ref('Key') }, EFFECTIVE_BY),
      },
      async handle({ keys, session, id, body }) {
        const options = { ...body, actor: session.actor, wait: WAIT_MS };
        const { effect, ...record } = await keys.revoke(id, options);
        return jsonAnswer(200, { record: withState(record, clock.now()), ...effectiveBy(effect) });
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
        description: 'How many keys this request revoked.',
        schema: shape({ revoked: { type: 'integer', minimum: 0 } }, EFFECTIVE_BY),
      },
      async handle({ keys, session, body }) {
        const options = { ...body, actor: session.actor, wait: WAIT_MS };
        const { revoked, effect } = await keys.revokeAll(options);
        return jsonAnswer(200, { revoked, ...effectiveBy(effect) });
      },
    }),
  ];
}
