import { MAX_PAGE } from '../limits.ts';
import type { ActivityEvent, Page } from '../record.ts';
import type { OwnerKeys } from '../service/contract.ts';
import type { ActivityFilter } from '../service/input.ts';
import { BYTE_ORDER_MARK, csvRows } from './csv.ts';

/** A file format for events. */
interface Format {
  readonly type: string;
  readonly name: string;
  readonly head: string;
  readonly tail: string;
  events(events: readonly ActivityEvent[], areFirst: boolean): string;
}

const COLUMNS = [
  'sequence',
  'at',
  'action',
  'keyId',
  'keyName',
  'actorId',
  'actor',
  'reason',
  'change',
  'successorId',
  'graceEndsAt',
  'id',
] as const;

export const FORMATS = {
  csv: {
    type: 'text/csv; charset=utf-8; header=present', // RFC 7111 §5.1
    name: 'activity.csv',
    head: BYTE_ORDER_MARK + csvRows([COLUMNS]),
    tail: '',
    events: (events) =>
      csvRows(events.map((event) => COLUMNS.map((column) => cellOf(event, column)))),
  },
  json: {
    type: 'application/json; charset=utf-8',
    name: 'activity.json',
    head: '[\n',
    tail: '\n]\n',
    events: (events, areFirst) =>
      (areFirst || events.length === 0 ? '' : ',\n') +
      events.map((event) => JSON.stringify(event)).join(',\n'),
  },
} as const satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;

/**
 * Exports an owner's events as a file, newest first. The store is read page by page while the client
 * reads the file. One page is in memory at a time, and a client that disconnects ends the reading.
 *
 * Rejects if the first page cannot be read. If the store fails later, the stream breaks off, so that a
 * partial file is not mistaken for a whole one, and `onFailure` is called.
 */
export async function exportActivity(
  keys: OwnerKeys,
  filter: Omit<ActivityFilter, 'limit' | 'cursor'>,
  format: ExportFormat,
  onFailure: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const first = await keys.activity({ ...filter, limit: MAX_PAGE });
  const texts = textsOf(keys, filter, FORMATS[format], first);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await texts.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          onFailure(error);
          throw error;
        }
      },
      async cancel() {
        await texts.return(undefined);
      },
    },
    // Reads from the store only when the client reads.
    { highWaterMark: 0 },
  );
}

async function* textsOf(
  keys: OwnerKeys,
  filter: ActivityFilter,
  format: Format,
  first: Page<ActivityEvent>,
): AsyncGenerator<string, undefined, undefined> {
  let page = first;
  let text = format.head;
  for (let areFirst = true; ; areFirst = false) {
    text += format.events(page.items, areFirst);
    if (page.cursor === undefined) break;
    yield text;
    text = '';
    page = await keys.activity({ ...filter, limit: MAX_PAGE, cursor: page.cursor });
  }
  yield text + format.tail;
}

function cellOf(
  event: ActivityEvent,
  column: (typeof COLUMNS)[number],
): string | number | undefined {
  switch (column) {
    case 'at':
    case 'graceEndsAt': {
      const moment = event[column];
      return moment === undefined ? undefined : new Date(moment).toISOString();
    }
    case 'actorId':
      return event.actor.id;
    case 'actor':
    case 'change':
      return event[column] === undefined ? undefined : JSON.stringify(event[column]);
    default:
      return event[column];
  }
}
