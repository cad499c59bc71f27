import { listAllKeys } from 'keywright/operators';
import { addCommand, addPageOptions, type Register } from '../command.ts';
import { usageError } from '../errors.ts';
import {
  type AllOwnersOptions,
  addFilterOptions,
  allOwnersFilterOf,
  ownerFilterOf,
} from '../filters.ts';
import { note, plain, printJson, printTable } from '../output.ts';
import { noteCursor, type PageOptions, readPages } from '../paging.ts';
import { KEY_COLUMNS, keyRow, recordJson } from '../records.ts';
import { type Session, withSession } from '../session.ts';

interface ListOptions extends PageOptions, AllOwnersOptions {
  readonly owner?: string;
}

export const list: Register = (program) => {
  const command = addCommand<ListOptions>(program, {
    name: 'list',
    summary: 'List the keys of an owner, or of all owners, newest first.',
    action: ({ options }) => {
      const read = readerOf(options);
      return withSession(options, async (session) => {
        const page = await readPages(options, 'keys read', (at) => read(session, at));
        if (options.json) return printJson({ ...page, items: page.items.map(recordJson) });
        if (page.items.length === 0) return note('No keys');
        if (options.allOwners) {
          const rows = page.items.map((record) => [plain(record.owner), ...keyRow(record)]);
          printTable(['owner', ...KEY_COLUMNS], rows);
        } else printTable(KEY_COLUMNS, page.items.map(keyRow));
        noteCursor(page);
      });
    },
  }).option('--owner <id>', 'required without --all-owners: whose keys');
  addFilterOptions(command, 'instead of --owner: the keys of all owners');
  addPageOptions(command);
};

/** Returns the function that reads a page of the selected keys. */
function readerOf(options: ListOptions) {
  const { owner, allOwners = false } = options;
  if (allOwners) {
    if (owner !== undefined) throw usageError('Use --owner or --all-owners, not both');
    const filter = allOwnersFilterOf(options);
    return ({ keys }: Session, at: object) => listAllKeys(keys, { ...filter, ...at });
  }
  if (owner === undefined) throw usageError("required option '--owner <id>' not specified");
  const filter = { owner, ...ownerFilterOf(options) };
  return ({ keys }: Session, at: object) => keys.list({ ...filter, ...at });
}
