import { invalid } from '../errors.ts';

/** A place between the keys of a list, which is sorted by creation and then by id. */
export interface KeyPlace {
  readonly createdAt: number;
  readonly id: string;
}

/** The cursor that leads on from this key, in a list of keys. */
export function keyCursor(key: KeyPlace): string {
  return `${key.createdAt}.${key.id}`;
}

/** @throws KeywrightError `invalid_argument` for text that is no cursor of a list of keys. */
export function readKeyCursor(cursor: string): KeyPlace {
  const [, createdAt, id] = /^(\d{1,16})\.(.{1,255})$/su.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw notACursor();
  return { createdAt: Number(createdAt), id };
}

/** The cursor that leads on from this event, in a list of events. */
export function activityCursor(event: { readonly sequence: number }): string {
  return String(event.sequence);
}

/** @throws KeywrightError `invalid_argument` for text that is no cursor of a list of events. */
export function readActivityCursor(cursor: string): number {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw notACursor();
  return Number(cursor);
}

/** The error for what no page of the list gave. */
export function notACursor() {
  return invalid('cursor', 'must be one that an earlier page of the same list gave');
}
