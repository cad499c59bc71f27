import { type Actor, type KeyRecord, type KeyState, keyState, systemClock } from 'keywright';
import { details, paint, plain, timeText } from './output.ts';

const COLOURS = { active: 'green', disabled: 'yellow', expired: 'yellow', revoked: 'red' } as const;

/** A record as `--json` prints it, with its state. */
export function recordJson(record: KeyRecord): KeyRecord & { readonly state: KeyState } {
  return { ...record, state: stateOf(record) };
}

export const KEY_COLUMNS = [
  'id',
  'name',
  'hint',
  'environment',
  'state',
  'created',
  'last used',
  'expires',
];

/** The name of an actor, or the id if it has none. */
export function actorText({ id, name }: Actor): string {
  return plain(typeof name === 'string' ? name : id);
}

/** A record as a row of {@link KEY_COLUMNS}. */
export function keyRow(record: KeyRecord): string[] {
  return [
    record.id,
    plain(record.name),
    `${record.hint}…`,
    record.environment,
    paintedState(record),
    timeText(record.createdAt),
    timeText(record.lastUsedAt),
    timeText(record.expiresAt),
  ];
}

/** The details of a key, formatted for people. */
export function keyDetails(record: KeyRecord): string {
  const { scopes, metadata, createdBy, replaces, replacedBy } = record;
  const pairs: [string, string | undefined][] = [
    ['Id', record.id],
    ['Name', plain(record.name)],
    ['Owner', plain(record.owner)],
    ['Environment', record.environment],
    ['Hint', `${record.hint}…`],
    ['State', paintedState(record)],
    ['Scopes', scopes.join(' ') || undefined],
    ['Metadata', Object.keys(metadata).length > 0 ? plain(JSON.stringify(metadata)) : undefined],
    ['Created', `${timeText(record.createdAt)} by ${actorText(createdBy)}`],
    ['Last used', timeText(record.lastUsedAt)],
    ['Expires', timeText(record.expiresAt)],
    ['Revoked', record.revokedAt === undefined ? undefined : timeText(record.revokedAt)],
    ['Replaces', replaces],
    ['Replaced by', replacedBy],
  ];
  return details(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function paintedState(record: KeyRecord): string {
  const state = stateOf(record);
  return paint(COLOURS[state], state);
}

function stateOf(record: KeyRecord): KeyState {
  return keyState(record, systemClock.now());
}
