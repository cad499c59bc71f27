import { jsonAnswer } from '../answer.ts';
import { issuer } from '../issuer.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import { expiry, expiryOrNull, ref, shape, withState } from '../shapes.ts';
import { METADATA, NAME, REASON, SCOPES } from './parts.ts';

const TOKEN = { type: 'string', description: 'The key itself, shown this once.' };

const MAX_GRACE_MS = 10 * 365 * 86_400_000;

/** The routes that answer with a token. */
export function issueKeyRoutes(settings: Settings): Route[] {
  const { keys, clock } = settings;
  const { create, rotate } = issuer(settings);
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
          expiresAt: expiry('From when on the key is refused; never if left out.'),
          metadata: METADATA,
          reason: REASON,
        },
        required: ['name', 'environment'],
        additionalProperties: false,
      },
      answer: {
        status: 201,
        description: 'The key, shown this once.',
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
        'Makes a successor with the same name, scopes, metadata and expiry. Both keys work until the old one is revoked, or until the grace is over.',
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
        description: 'The new key, shown this once, and the old one as it now is.',
        schema: shape({ key: TOKEN, record: ref('Key'), replaced: ref('Key') }),
      },
      refusals: [
        'scope_not_grantable',
        'quota_reached',
        'key_revoked',
        'key_expired',
        'key_replaced',
      ],
      async handle(call) {
        const { secret, record, replaced } = await rotate(call, call.id, call.body);
        const now = clock.now();
        return jsonAnswer(201, {
          key: secret.reveal(),
          record: withState(record, now),
          replaced: withState(replaced, now),
        });
      },
    }),
  ];
}
