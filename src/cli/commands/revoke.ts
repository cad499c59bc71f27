import { type Command, Option } from 'commander';
import type { KeyRecord } from 'keywright';
import { revokeWhere } from 'keywright/operators';
import { addByOptions, addCommand, type Register } from '../command.ts';
import { usageError } from '../errors.ts';
import {
  type AllOwnersOptions,
  addFilterOptions,
  allOwnersFilterOf,
  refuseFilters,
} from '../filters.ts';
import { note, printJson, printTable, progress } from '../output.ts';
import { KEY_COLUMNS, keyRow, recordJson } from '../records.ts';
import { type ByOptions, byOf, type Session, withSession } from '../session.ts';

interface RevokeOptions extends ByOptions, AllOwnersOptions {
  readonly owner?: string;
  readonly all?: boolean;
}

export const revoke: Register = (program) => {
  const command: Command = addCommand<RevokeOptions>(program, {
    name: 'revoke [ids...]',
    summary: 'Revoke keys for good; every check that begins afterwards refuses them.',
    action: ({ options, args }) => {
      const work = workOf(options, args);
      return withSession(options, (session) => work(session, options));
    },
  })
    .option('--owner <id>', "fail unless the keys are this owner's")
    .addOption(new Option('--all', 'every key of the owner'));
  addFilterOptions(command, 'instead of ids: the keys of all owners that match the filters');
  addByOptions(command);
};

/** Returns the function that revokes the selected keys. */
function workOf(options: RevokeOptions, ids: readonly string[]) {
  const { all = false, allOwners = false, owner } = options;
  if (allOwners) {
    if (all || owner !== undefined || ids.length > 0) {
      throw usageError('--all-owners takes filters, and neither ids nor --owner nor --all');
    }
    return revokeForAll;
  }
  refuseFilters(options);
  if (all && owner === undefined) throw usageError('--all needs --owner <id>');
  if (ids.length > 0 === all) {
    throw usageError('Pass the ids of keys, or --all for every key of an owner');
  }
  if (all) return revokeAll;
  return (session: Session, by: RevokeOptions) => revokeEach(session, by, ids);
}

async function revokeForAll({ keys, config }: Session, options: RevokeOptions): Promise<void> {
  const counter = progress('revoked');
  const { effect: _, ...counts } = await revokeWhere(keys, allOwnersFilterOf(options), {
    ...byOf(options, config),
    onProgress: ({ revoked }) => counter.update(revoked),
  }).finally(() => counter.end());
  if (options.json) printJson(counts);
  else note(`${counts.revoked} revoked; owners: ${counts.owners}`);
}

async function revokeAll({ keys, config }: Session, options: RevokeOptions): Promise<void> {
  const owner = options.owner ?? '';
  const { revoked } = await keys.revokeAll({ owner, ...byOf(options, config) });
  if (options.json) printJson({ revoked });
  else note(`${revoked} revoked`);
}

async function revokeEach(
  { keys, config }: Session,
  options: RevokeOptions,
  ids: readonly string[],
): Promise<void> {
  const target = options.owner === undefined ? keys : keys.forOwner(options.owner);
  const counter = progress('revoked');
  const records: KeyRecord[] = [];
  try {
    for (const id of ids) {
      records.push(await target.revoke(id, byOf(options, config)));
      counter.update(records.length);
    }
  } finally {
    counter.end();
    // If one id fails, the keys before it stay revoked, so print them.
    if (records.length === 0) note('Nothing was revoked');
    else if (options.json) printJson({ items: records.map(recordJson) });
    else printTable(KEY_COLUMNS, records.map(keyRow));
  }
}
