import type { ActivityEvent, Page } from '../record.ts';
import type { OwnerKeys } from '../service/contract.ts';
import type { ActivityFilter } from '../service/input.ts';
import { csvLine } from './csv.ts';

const PAGE = 100;

/** A way to write events down. */
interface Format {
  readonly type: string;
  readonly name: string;
  readonly head: string;
  readonly tail: string;
  event(event: ActivityEvent, isFirst: boolean): string;
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
    head: csvLine(COLUMNS),
    tail: '',
    event: (event) => csvLine(COLUMNS.map((column) => cellOf(event, column))),
  },
  json: {
    type: 'application/json; charset=utf-8',
    name: 'activity.json',
    head: '[\n',
    tail: '\n]\n',
    event: (event, isFirst) => `${isFirst ? '' : ',\n'}${JSON.stringify(event)}`,
  },
} as const satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;

/**
 * An owner's events, newest first, as a file that is made page by page while it is read: of a log of
 * any length, one page is in memory, and a reader that goes away ends the reading of the store.
 *
 * Rejects as the first page does. A store that fails later breaks the stream off, so that nobody
 * takes the part that was sent for the whole; `onFailure` is told.
 */
export async function exportActivity(
  keys: OwnerKeys,
  filter: Omit<ActivityFilter, 'limit' | 'cursor'>,
  format: ExportFormat,
  onFailure: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const first = await keys.activity({ ...filter, limit: PAGE });
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
    // Nothing is read from the store before somebody asks for it.
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
  for (let count = 0; ; ) {
    for (const event of page.items) text += format.event(event, count++ === 0);
    if (page.cursor === undefined) break;
    yield text;
    text = '';
    page = await keys.activity({ ...filter, limit: PAGE, cursor: page.cursor });
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
