import { invalid } from '../errors.ts';
import type { StoredKey } from '../record.ts';
import type { AllKeysQuery } from '../store.ts';

type AllKeysOrder = AllKeysQuery['order'];

/** A position in a list of keys, which is sorted by time of creation and then by id. */
export interface KeyPlace {
  readonly createdAt: number;
  readonly id: string;
}

/** Returns the cursor of the page after this key, in a list of keys. */
export function keyCursor(key: KeyPlace): string {
  return `${key.createdAt}.${key.id}`;
}

/** @throws KeywrightError `invalid_argument` if the text is not a cursor of a list of keys. */
export function readKeyCursor(cursor: string): KeyPlace {
  const [, createdAt, id] = /^(\d{1,16})\.(.{1,255})$/su.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw notACursor();
  return { createdAt: Number(createdAt), id };
}

/** A position in a list of the keys of all owners: the time that the order sorts by, and the id. */
export interface AllKeysPlace {
  readonly at: number;
  readonly id: string;
}

/** The position of a key in an order; `undefined` for a key without expiry in the order `expiry`. */
export function placeInAll(order: AllKeysOrder, key: StoredKey): AllKeysPlace | undefined {
  const at = order === 'expiry' ? key.expiresAt : key.createdAt;
  return at === undefined ? undefined : { at, id: key.id };
}

/** Returns the cursor of the page after this key, in a list of the keys of all owners. */
export function allKeysCursor(order: AllKeysOrder, key: StoredKey): string {
  return order === 'expiry' ? `e${key.expiresAt}.${key.id}` : keyCursor(key);
}

/** @throws KeywrightError `invalid_argument` if the text is not a cursor of a list in this order. */
export function readAllKeysCursor(order: AllKeysOrder, cursor: string): AllKeysPlace {
  const isByExpiry = order === 'expiry';
  if (isByExpiry && !cursor.startsWith('e')) throw notACursor();
  const { createdAt: at, id } = readKeyCursor(isByExpiry ? cursor.slice(1) : cursor);
  return { at, id };
}

/** Returns the cursor of the page after this event, in a list of events. */
export function activityCursor(event: { readonly sequence: number }): string {
  return String(event.sequence);
}

/** @throws KeywrightError `invalid_argument` if the text is not a cursor of a list of events. */
export function readActivityCursor(cursor: string): number {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw notACursor();
  return Number(cursor);
}

/** The error for a cursor that no page of the list returned. */
export function notACursor() {
  return invalid('cursor', 'must come from an earlier page of the same list');
}
