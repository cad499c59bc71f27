import type { ActivityAction, ActivityEvent } from 'keywright';
import { addCommand, addPageOptions, type Register } from '../command.ts';
import { note, plain, printJson, printTable, timeText } from '../output.ts';
import { noteCursor, type PageOptions, readPages } from '../paging.ts';
import { actorText } from '../records.ts';
import { withSession } from '../session.ts';
import { instant } from '../values.ts';

interface ActivityOptions extends PageOptions {
  readonly owner: string;
  readonly key?: string;
  readonly action?: ActivityAction;
  readonly by?: string;
  readonly from?: number;
  readonly to?: number;
}

const COLUMNS = ['sequence', 'at', 'action', 'key', 'name', 'actor', 'reason'];

export const activity: Register = (program) => {
  const command = addCommand<ActivityOptions>(program, {
    name: 'activity',
    summary: 'List who did what with the keys of an owner, newest first.',
    action: ({ options }) =>
      withSession(options, async ({ keys }) => {
        const { owner, key, action, by, from, to } = options;
        const filter = {
          owner,
          ...(key === undefined ? {} : { keyId: key }),
          ...(action === undefined ? {} : { action }),
          ...(by === undefined ? {} : { actorId: by }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        };
        const page = await readPages(options, 'events read', (at) =>
          keys.activity({ ...filter, ...at }),
        );
        if (options.json) return printJson(page);
        if (page.items.length === 0) return note('No events');
        printTable(COLUMNS, page.items.map(eventRow));
        noteCursor(page);
      }),
  })
    .requiredOption('--owner <id>', 'whose activity log')
    .option('--key <id>', 'events of this key')
    .option('--action <action>', 'events of this kind, such as key.revoked')
    .option('--by <id>', 'events of this actor')
    .option('--from <time>', 'events at this moment or later', instant)
    .option('--to <time>', 'events before this moment', instant);
  addPageOptions(command);
};

function eventRow(event: ActivityEvent): string[] {
  const { sequence, at, action, keyId = '-', keyName = '-', actor, reason = '-' } = event;
  return [
    `${sequence}`,
    timeText(at),
    action,
    keyId,
    plain(keyName),
    actorText(actor),
    plain(reason),
  ];
}
