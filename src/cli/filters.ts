import { type Command, Option } from 'commander';
import type { KeyState } from 'keywright';
import { usageError } from './errors.ts';
import { instant } from './values.ts';

/** The filters that lists of one owner and of all owners share. */
export interface KeyFilterOptions {
  readonly environment?: string;
  readonly state?: KeyState;
  readonly text?: string;
  readonly expiresBefore?: number;
  readonly unusedSince?: number;
}

/** The filters that require `--all-owners`. */
interface FurtherOptions {
  readonly createdBy?: string;
  readonly hint?: string;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  readonly expiresAfter?: number;
}

/** The options that select keys. */
export interface AllOwnersOptions extends KeyFilterOptions, FurtherOptions {
  readonly allOwners?: boolean;
}

const SHARED = ['environment', 'state', 'text', 'expiresBefore', 'unusedSince'] as const;
const FURTHER = ['createdBy', 'hint', 'createdAfter', 'createdBefore', 'expiresAfter'] as const;

/** Adds `--all-owners` and all filters. */
export function addFilterOptions(command: Command, allOwners: string): Command {
  return command
    .option('--all-owners', allOwners)
    .option('--environment <name>', 'keys of this environment')
    .addOption(
      new Option('--state <state>', 'keys in this state').choices([
        'active',
        'disabled',
        'expired',
        'revoked',
      ]),
    )
    .option('--text <text>', 'keys with this in their name, in either case')
    .option('--expires-before <time>', 'keys that expire before this moment', instant)
    .option('--unused-since <time>', 'keys created before this moment and not used since', instant)
    .option('--created-by <id>', 'with --all-owners: keys that this actor created')
    .option('--hint <text>', 'with --all-owners: keys with this hint, such as prn_live_4f8a')
    .option('--created-after <time>', 'with --all-owners: created at this moment or later', instant)
    .option('--created-before <time>', 'with --all-owners: created before this moment', instant)
    .option('--expires-after <time>', 'with --all-owners: expire at this moment or later', instant);
}

/** The filters for the keys of one owner. */
export function ownerFilterOf(options: AllOwnersOptions): KeyFilterOptions {
  refuse(options, FURTHER);
  return pickDefined(options, SHARED);
}

/** The filters for the keys of all owners. */
export function allOwnersFilterOf(options: AllOwnersOptions): KeyFilterOptions & FurtherOptions {
  return { ...pickDefined(options, SHARED), ...pickDefined(options, FURTHER) };
}

/** @throws CliError if any filter is set */
export function refuseFilters(options: AllOwnersOptions): void {
  refuse(options, [...SHARED, ...FURTHER]);
}

function refuse(options: AllOwnersOptions, names: readonly (keyof AllOwnersOptions)[]): void {
  const [name] = names.filter((one) => options[one] !== undefined);
  if (name === undefined) return;
  const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw usageError(`--${option} needs --all-owners`);
}

function pickDefined<Name extends keyof AllOwnersOptions>(
  options: AllOwnersOptions,
  names: readonly Name[],
): Pick<AllOwnersOptions, Name> {
  const entries = names.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  return Object.fromEntries(entries) as Pick<AllOwnersOptions, Name>;
}
