import { MAX_NAME_LENGTH } from '../../limits.ts';
import { KEY_STATES } from '../../record.ts';
import { jsonAnswer } from '../answer.ts';
import type { Settings } from '../options.ts';
import { notFound } from '../refusal.ts';
import { type Route, route } from '../route.ts';
import { moment, pageOf, ref, shape, withState } from '../shapes.ts';
import { CURSOR, LIMIT } from './parts.ts';

/** The routes that read keys. */
export function readKeyRoutes({ keys: { format }, clock }: Settings): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/keys',
      operationId: 'listKeys',
      summary: 'List keys, newest first',
      description:
        'A key must match all filters. `expiresBefore` finds keys that are about to expire, `unusedSince` finds stale ones.',
      action: 'read',
      query: {
        limit: LIMIT,
        cursor: CURSOR,
        environment: { type: 'string', enum: format.environments },
        state: { type: 'string', enum: KEY_STATES },
        text: {
          type: 'string',
          minLength: 1,
          maxLength: MAX_NAME_LENGTH,
          description: 'Part of the name.',
        },
        expiresBefore: moment('Keys that expire before this moment.'),
        unusedSince: moment(
          'Keys not used since this moment. A key that was never used counts from its creation.',
        ),
      },
      answer: { status: 200, description: 'A page of keys.', schema: pageOf(ref('Key')) },
      async handle({ keys, query }) {
        const { items, cursor } = await keys.list(query);
        const now = clock.now();
        const shown = items.map((record) => withState(record, now));
        return jsonAnswer(200, { items: shown, cursor });
      },
    }),

    route({
      method: 'GET',
      path: '/api/keys/{id}',
      operationId: 'getKey',
      summary: 'Read a key',
      action: 'read',
      answer: {
        status: 200,
        description:
          'The key, and the current time of the service, which `state` and times of use refer to.',
        schema: shape({ record: ref('Key'), now: moment('When the response was created.') }),
      },
      async handle({ keys, id }) {
        const record = await keys.get(id);
        if (record === undefined) throw notFound();
        const now = clock.now();
        return jsonAnswer(200, { record: withState(record, now), now });
      },
    }),
  ];
}
