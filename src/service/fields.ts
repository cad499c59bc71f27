import type { Clock } from '../clock.ts';
import { checkFields, checkInteger } from '../fields.ts';
import {
  LAST_EXPIRY,
  MAX_CURSOR_LENGTH,
  MAX_GRACE_MS,
  MAX_HINT_LENGTH,
  MAX_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PAGE,
  MAX_REASON_LENGTH,
} from '../limits.ts';
import { ACTIVITY_ACTIONS, KEY_STATES } from '../record.ts';
import type { TokenFormat } from '../token/format.ts';
import {
  checkActor,
  checkBoolean,
  checkExpiry,
  checkFutureExpiry,
  checkMetadata,
  checkMoment,
  checkOneOf,
  checkScopes,
  checkText,
} from './arguments.ts';

const WAITS = ['everywhere', 'commit'] as const;
/** Longer than a change ever waits for a lease. */
const MAX_WAIT_MS = 600_000;

/** @param input the argument of the operation that the field belongs to, such as `key` */
type Check<Value> = (value: unknown, argument: string, input: string) => Value;

const text =
  (max: number): Check<string> =>
  (value, argument) =>
    checkText(value, argument, max);
const integer =
  (min: number, max: number): Check<number> =>
  (value, argument) =>
    checkInteger(value, argument, min, max);
const oneOf =
  <Word extends string>(words: readonly Word[]): Check<Word> =>
  (value, argument) =>
    checkOneOf(value, argument, words);

/** The checks by name of the field: a name means the same in every operation. */
function checksOf(format: TokenFormat, scopes: readonly string[] | undefined, clock: Clock) {
  return {
    id: text(MAX_ID_LENGTH),
    name: text(MAX_NAME_LENGTH),
    owner: text(MAX_ID_LENGTH),
    environment: oneOf(format.environments),
    actor: checkActor,
    reason: text(MAX_REASON_LENGTH),
    scopes: (value: unknown) => checkScopes(value, scopes),
    metadata: checkMetadata,
    enabled: checkBoolean,
    // An update may expire a key at once. Creating an expired key is a mistake.
    expiresAt: (value: unknown, argument: string, input: string) =>
      (input === 'key' ? checkFutureExpiry : checkExpiry)(value, argument, clock.now()),
    graceMs: (value: unknown, argument: string) =>
      checkInteger(value, argument, 0, Math.min(MAX_GRACE_MS, LAST_EXPIRY - clock.now())),
    transaction: (value: unknown) => value,
    wait: (value: unknown, argument: string) =>
      typeof value === 'number'
        ? checkInteger(value, argument, 1, MAX_WAIT_MS)
        : checkOneOf(value, argument, WAITS),
    limit: integer(1, MAX_PAGE),
    cursor: text(MAX_CURSOR_LENGTH),
    state: oneOf(KEY_STATES),
    text: text(MAX_NAME_LENGTH),
    createdBy: text(MAX_ID_LENGTH),
    hint: text(MAX_HINT_LENGTH),
    createdAfter: checkMoment,
    createdBefore: checkMoment,
    expiresAfter: checkMoment,
    expiresBefore: checkMoment,
    unusedSince: checkMoment,
    keyId: text(MAX_ID_LENGTH),
    action: oneOf(ACTIVITY_ACTIONS),
    actorId: text(MAX_ID_LENGTH),
    from: checkMoment,
    to: checkMoment,
  };
}

type Checks = ReturnType<typeof checksOf>;
type Fields = { readonly [Field in keyof Checks]: ReturnType<Checks[Field]> };

/**
 * Checks and copies the fields of an input: the required ones, and the optional ones that are present.
 *
 * @throws KeywrightError `invalid_argument` that names the field, also for an unknown one.
 */
export type FieldReader = <Required extends keyof Fields, Optional extends keyof Fields = never>(
  input: unknown,
  argument: string,
  required: readonly Required[],
  optional: readonly Optional[],
) => Pick<Fields, Required> & Partial<Pick<Fields, Optional>>;

export function fieldReader(
  format: TokenFormat,
  scopes: readonly string[] | undefined,
  clock: Clock,
): FieldReader {
  const checks: Record<string, Check<unknown>> = checksOf(format, scopes, clock);
  const read = (
    input: unknown,
    argument: string,
    required: readonly string[],
    optional: readonly string[],
  ) => {
    const fields = [...required, ...optional];
    checkFields(input, argument, fields);
    const given = input as Readonly<Record<string, unknown>>;
    const isRead = (field: string) => required.includes(field) || given[field] !== undefined;
    const entries = fields
      .filter(isRead)
      .map((field) => [field, checks[field]?.(given[field], field, argument)] as const);
    return Object.fromEntries(entries);
  };
  return read as FieldReader;
}
