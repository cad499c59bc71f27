import { MAX_GRACE_MS } from '../../limits.ts';
import { jsonAnswer } from '../answer.ts';
import type { Capacity } from '../capacity.ts';
import { EFFECTIVE_BY, effectiveBy } from '../effective-by.ts';
import { issuer } from '../issuer.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import { expiry, expiryOrNull, ref, shape, withState } from '../shapes.ts';
import { METADATA, NAME, REASON, SCOPES } from './parts.ts';

const TOKEN = { type: 'string', description: 'The token, shown only once.' };

/** The routes that answer with a token. */
export function issueKeyRoutes(settings: Settings, capacity: Capacity): Route[] {
  const { keys, clock } = settings;
  const { create, rotate } = issuer(settings, capacity);
  return [
    route({
      method: 'POST',
      path: '/api/keys',
      operationId: 'createKey',
      summary: 'Create a key',
      action: 'create',
      stepUp: 'create',
      idempotent: true,
      body: {
        type: 'object',
        properties: {
          name: NAME,
          environment: { type: 'string', enum: keys.format.environments },
          scopes: SCOPES,
          expiresAt: expiry('When the key expires; never if left out.'),
          metadata: METADATA,
          reason: REASON,
        },
        required: ['name', 'environment'],
        additionalProperties: false,
      },
      answer: {
        status: 201,
        description: 'The token, shown only once, and the key.',
        schema: shape({ key: TOKEN, record: ref('Key') }),
      },
      refusals: ['scope_not_grantable', 'quota_reached'],
      async handle(call) {
        const { secret, record } = await create(call, call.body);
        return jsonAnswer(201, {
          key: secret.reveal(),
          record: withState(record, clock.now()),
        });
      },
    }),

    route({
      method: 'POST',
      path: '/api/keys/{id}/rotate',
      operationId: 'rotateKey',
      summary: 'Rotate a key',
      description:
        'Creates a successor with the same name, scopes, metadata and expiry. Both keys work until the old one is revoked or its grace period ends.',
      action: 'rotate',
      stepUp: 'rotate',
      idempotent: true,
      body: {
        type: 'object',
        properties: {
          graceMs: {
            type: 'integer',
            minimum: 0,
            maximum: MAX_GRACE_MS,
            description: 'Milliseconds after which the old key is refused.',
          },
          expiresAt: expiryOrNull('When the new key expires, null for never.'),
          reason: REASON,
        },
        additionalProperties: false,
      },
      answer: {
        status: 201,
        description:
          'The new token, shown only once, the new key, and the old key after the change.',
        schema: shape({ key: TOKEN, record: ref('Key'), replaced: ref('Key') }, EFFECTIVE_BY),
      },
      refusals: [
        'scope_not_grantable',
        'quota_reached',
        'key_revoked',
        'key_expired',
        'key_replaced',
      ],
      async handle(call) {
        const { secret, record, replaced, effect } = await rotate(call, call.id, call.body);
        const now = clock.now();
        return jsonAnswer(201, {
          key: secret.reveal(),
          record: withState(record, now),
          replaced: withState(replaced, now),
          ...effectiveBy(effect),
        });
      },
    }),
  ];
}
