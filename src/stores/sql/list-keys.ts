import { type ExpressionBuilder, sql } from 'kysely';
import { defined } from '../../json.ts';
import type { KeyState } from '../../record.ts';
import type { AllKeysFilters, AllKeysQuery, KeyQuery } from '../../store.ts';
import { foldText } from '../../text-folding.ts';
import { readAllKeysCursor, readKeyCursor } from '../cursor.ts';
import type { Bytes } from './codec.ts';
import type { Dialect } from './dialect.ts';
import type { Statement } from './engine.ts';
import { selectKeys } from './select-keys.ts';
import { shaped } from './shaped.ts';
import type { Tables } from './tables.ts';

type Select = ReturnType<typeof selectKeys>;

/** The values that a list compares, in the form of their columns. */
interface Values {
  readonly owner?: Bytes;
  readonly environment?: string;
  readonly text?: string;
  readonly createdBy?: Bytes;
  readonly hint?: Bytes;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  readonly expiresAfter?: number;
  readonly expiresBefore?: number;
  readonly unusedSince?: number;
  readonly now: number;
  /** The place that the page follows. */
  readonly at?: number;
  readonly id?: Bytes;
}

/** What the text of the statement depends on, in addition to which values are present. */
interface Form {
  readonly order: AllKeysQuery['order'];
  readonly state: KeyState | undefined;
  readonly limit: number;
}

/** Selects an owner's keys, newest first: one more than a page has. */
export function listKeys(dialect: Dialect, query: KeyQuery): { compile(): Statement } {
  const { owner, cursor, limit, state } = query;
  const place = cursor === undefined ? undefined : readKeyCursor(cursor);
  const values = valuesOf(dialect, query, place && { at: place.createdAt, id: place.id });
  const form: Form = { order: 'created', state, limit };
  return statement(dialect, form, { ...values, owner: dialect.bytes(owner) });
}

/** Selects keys of all owners, in the order of the query: one more than a page has. */
export function listAllKeys(dialect: Dialect, query: AllKeysQuery): { compile(): Statement } {
  const { order, cursor, limit, state } = query;
  const place = cursor === undefined ? undefined : readAllKeysCursor(order, cursor);
  return statement(dialect, { order, state, limit }, valuesOf(dialect, query, place));
}

function valuesOf(
  { bytes }: Dialect,
  query: AllKeysFilters,
  place: { readonly at: number; readonly id: string } | undefined,
): Values {
  const { environment, text, createdBy, hint, unusedSince, now } = query;
  const { createdAfter, createdBefore, expiresAfter, expiresBefore } = query;
  return defined({
    ...{ environment, createdAfter, createdBefore, expiresAfter, expiresBefore, unusedSince, now },
    text: text === undefined ? text : foldText(text),
    createdBy: createdBy === undefined ? createdBy : bytes(createdBy),
    hint: hint === undefined ? hint : bytes(hint),
    at: place?.at,
    id: place && bytes(place.id),
  });
}

function statement(dialect: Dialect, form: Form, values: Values): { compile(): Statement } {
  const { order, state, limit } = form;
  return {
    compile: () =>
      shaped(dialect, `${order} ${state} ${limit}`, values, (named) =>
        filtered(dialect, paged(selectKeys(dialect), form, named), form, named),
      ),
  };
}

function paged(select: Select, { order, limit }: Form, { at, id }: Values): Select {
  const isByExpiry = order === 'expiry';
  const column = isByExpiry ? 'k.expires_at' : 'k.created_at';
  const direction = isByExpiry ? 'asc' : 'desc';
  const sorted = (isByExpiry ? select.where(column, 'is not', null) : select)
    .orderBy(column, direction)
    .orderBy('k.id', direction)
    .limit(sql.lit(limit + 1));
  if (at === undefined || id === undefined) return sorted;
  const operator = isByExpiry ? '>' : '<';
  // Not `(created_at, id) < (?, ?)`, for which MySQL uses no index. All use one for the first condition.
  return sorted
    .where(column, `${operator}=`, at)
    .where(({ eb, or }) => or([eb(column, operator, at), eb('k.id', operator, id)]));
}

/** The conditions of `matchesKey`, as SQL. */
function filtered({ family }: Dialect, from: Select, { state }: Form, values: Values): Select {
  const { owner, environment, text, createdBy, hint, unusedSince, now } = values;
  const { createdAfter, createdBefore, expiresAfter, expiresBefore } = values;
  let select = from;
  if (owner !== undefined) select = select.where('k.owner', '=', owner);
  if (environment !== undefined) select = select.where('k.environment', '=', environment);
  if (state !== undefined) select = select.where(inState(state, now));
  if (text !== undefined) {
    const position = family === 'postgres' ? 'strpos' : 'instr';
    select = select.where((eb) =>
      eb(eb.fn<number>(position, ['k.name_folded', eb.val(text)]), '>', 0),
    );
  }
  if (createdBy !== undefined) select = select.where('k.created_by_id', '=', createdBy);
  if (hint !== undefined) select = select.where('k.hint', '=', hint);
  if (createdAfter !== undefined) select = select.where('k.created_at', '>=', createdAfter);
  if (createdBefore !== undefined) select = select.where('k.created_at', '<', createdBefore);
  if (expiresAfter !== undefined) select = select.where('k.expires_at', '>=', expiresAfter);
  if (expiresBefore !== undefined) select = select.where('k.expires_at', '<', expiresBefore);
  if (unusedSince !== undefined) {
    // Not `u.at is null or u.at < ?`: PostgreSQL expects hardly a row for that, and sorts all keys.
    select = select
      .where('k.created_at', '<', unusedSince)
      .where(({ eb, fn }) => eb(fn.coalesce('u.at', sql<number>`0`), '<', unusedSince));
  }
  return select;
}

/** The condition of `keyState`, as SQL. */
function inState(state: KeyState, now: number) {
  return ({ eb, and, not }: ExpressionBuilder<Tables & { k: Tables['keywright_keys'] }, 'k'>) => {
    const revoked = eb('k.revoked_at', 'is not', null);
    if (state === 'revoked') return revoked;
    const expired = and([eb('k.expires_at', 'is not', null), eb('k.expires_at', '<=', now)]);
    if (state === 'expired') return and([not(revoked), expired]);
    const enabled = eb('k.enabled', '=', state === 'active' ? 1 : 0);
    return and([not(revoked), not(expired), enabled]);
  };
}
