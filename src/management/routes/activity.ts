import { ACTIVITY_ACTIONS } from '../../record.ts';
import { downloadAnswer, jsonAnswer } from '../answer.ts';
import { exportActivity, FORMATS } from '../export.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import { moment, pageOf, ref } from '../shapes.ts';
import { CURSOR, ID, LIMIT } from './parts.ts';

const FILTERS = {
  keyId: ID,
  action: { type: 'string', enum: ACTIVITY_ACTIONS },
  actorId: ID,
  from: moment('Events at this moment or later.'),
  to: moment('Events before this moment.'),
} as const;

/** The routes that read the activity log. */
export function activityRoutes({ reportError }: Settings): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/activity',
      operationId: 'listActivity',
      summary: 'List activity, newest first',
      action: 'read',
      query: { limit: LIMIT, cursor: CURSOR, ...FILTERS },
      answer: {
        status: 200,
        description: 'A page of events.',
        schema: pageOf(ref('ActivityEvent')),
      },
      async handle({ keys, query }) {
        return jsonAnswer(200, await keys.activity(query));
      },
    }),

    route({
      method: 'GET',
      path: '/api/activity/export',
      operationId: 'exportActivity',
      summary: 'Save activity as a file, newest first',
      description:
        'CSV (RFC 4180, UTF-8 with a byte-order mark) has an apostrophe before anything that a spreadsheet would read as a formula. JSON contains complete events, so that the chain can be verified.',
      action: 'read',
      query: {
        format: { type: 'string', enum: ['csv', 'json'], default: 'csv' },
        ...FILTERS,
      },
      answer: {
        status: 200,
        description: 'The file.',
        schema: {
          'text/csv': { type: 'string' },
          'application/json': { type: 'array', items: ref('ActivityEvent') },
        },
      },
      async handle({ request, keys, query: { format = 'csv', ...filter } }) {
        const events = await exportActivity(keys, filter, format, (error) =>
          reportError(error, request),
        );
        return downloadAnswer(events, FORMATS[format]);
      },
    }),
  ];
}
