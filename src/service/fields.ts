import type { Clock } from '../clock.ts';
import { checkFields } from '../fields.ts';
import { ACTIVITY_ACTIONS, type KeyState } from '../record.ts';
import type { TokenFormat } from '../token/format.ts';
import {
  checkActor,
  checkBoolean,
  checkExpiry,
  checkInteger,
  checkMetadata,
  checkMoment,
  checkOneOf,
  checkScopes,
  checkText,
  LAST_EXPIRY,
} from './arguments.ts';

const MAX_GRACE_MS = 10 * 365 * 86_400_000;

const STATES: readonly KeyState[] = ['active', 'disabled', 'expired', 'revoked'];

type Check<Value> = (value: unknown, argument: string) => Value;

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

/** What a field may be: a name means the same in every operation that takes it. */
function checksOf(format: TokenFormat, scopes: readonly string[] | undefined, clock: Clock) {
  return {
    id: text(255),
    name: text(100),
    owner: text(255),
    environment: oneOf(format.environments),
    actor: checkActor,
    reason: text(500),
    scopes: (value: unknown) => checkScopes(value, scopes),
    metadata: checkMetadata,
    enabled: checkBoolean,
    expiresAt: (value: unknown, argument: string) => checkExpiry(value, argument, clock.now()),
    graceMs: (value: unknown, argument: string) =>
      checkInteger(value, argument, 0, Math.min(MAX_GRACE_MS, LAST_EXPIRY - clock.now())),
    transaction: (value: unknown) => value,
    limit: integer(1, 100),
    cursor: text(512),
    state: oneOf(STATES),
    text: text(100),
    expiresBefore: checkMoment,
    unusedSince: checkMoment,
    keyId: text(255),
    action: oneOf(ACTIVITY_ACTIONS),
    actorId: text(255),
    from: checkMoment,
    to: checkMoment,
  };
}

type Checks = ReturnType<typeof checksOf>;
type Fields = { readonly [Field in keyof Checks]: ReturnType<Checks[Field]> };

/**
 * The fields of an input: those required and those optional that are there, checked and copied.
 *
 * @throws KeywrightError `invalid_argument` that names the field; also for one that is not known.
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
    const isThere = (field: string) => required.includes(field) || given[field] !== undefined;
    const entries = fields
      .filter(isThere)
      .map((field) => [field, checks[field]?.(given[field], field)] as const);
    return Object.fromEntries(entries);
  };
  return read as FieldReader;
}
