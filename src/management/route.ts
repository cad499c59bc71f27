import type { JsonObject } from '../json.ts';
import type { OwnerKeys } from '../service/contract.ts';
import { readQuery } from './query.ts';
import type { ManagementErrorCode } from './refusal.ts';
import { type Fields, type ObjectSchema, read, type StringSchema, type ValueOf } from './schema.ts';
import type { ManagementAction, Session } from './session.ts';
import type { GuardedAction } from './step-up.ts';

/** The response of a route that succeeds. */
interface SuccessAnswer {
  readonly status: 200 | 201;
  readonly description: string;
  /** Its JSON Schema, or one for each media type. */
  readonly schema: JsonObject | Readonly<Record<'text/csv' | 'application/json', JsonObject>>;
}

/** Describes a route. Requests are checked against it, and the OpenAPI document is built from it. */
interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** `/api/keys/{id}` */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The action that the session must be allowed to perform; absent if every session may call the route. */
  readonly action?: ManagementAction;
  /** Requires the second factor on every call. A route that requires it at times calls `confirm`. */
  readonly stepUp?: GuardedAction;
  /** Whether the route accepts an Idempotency-Key header. */
  readonly idempotent?: true;
  readonly answer: SuccessAnswer;
  /** Error codes of the route that do not follow from the other members. */
  readonly refusals?: readonly ManagementErrorCode[];
}

/** What every route receives. */
interface Call {
  readonly request: Request;
  readonly session: Session;
  /** The keys of the session's owner. */
  readonly keys: OwnerKeys;
  /** The `{id}` of the path; empty if the path has none. */
  readonly id: string;
  /**
   * Requires the second factor.
   *
   * @throws Refusal `step_up_required`
   */
  confirm(action: GuardedAction): Promise<void>;
}

/** A request whose query and body have not been checked. */
interface RawCall extends Call {
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A request whose query and body match the description of the route. */
export interface CheckedCall<Query, Body> extends Call {
  readonly query: Query;
  readonly body: Body;
  readonly idempotencyKey: string | undefined;
}

const NO_BODY = {
  type: 'object',
  properties: {},
  additionalProperties: false,
} as const satisfies ObjectSchema;

interface Definition<Query extends Fields, Body extends ObjectSchema> extends RouteDescription {
  readonly query?: Query;
  readonly body?: Body;
  handle(
    call: CheckedCall<
      ValueOf<{ readonly type: 'object'; readonly properties: Query }>,
      ValueOf<Body>
    >,
  ): Promise<Response>;
}

export interface Route extends RouteDescription {
  readonly query: Fields;
  readonly body?: ObjectSchema;
  /**
   * Checks a request and returns the function that does the work.
   *
   * @throws KeywrightError `invalid_argument` that names the part.
   */
  prepare(call: RawCall): () => Promise<Response>;
}

// draft-ietf-httpapi-idempotency-key-header-07 requires a quoted string; clients send any token.
export const IDEMPOTENCY_KEY: StringSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern: '^[!-~]+$',
  description:
    'Chosen by the client, one for each intended key. A request repeated within a day revokes the key that the first request created, and returns a new one.',
};

/** Builds a route from its description and its handler. */
export function route<
  const Query extends Fields = Record<never, never>,
  const Body extends ObjectSchema = typeof NO_BODY,
>({ handle, ...described }: Definition<Query, Body>): Route {
  const query = (described.query ?? {}) as Query;
  const body = (described.body ?? NO_BODY) as Body;
  return {
    ...described,
    query,
    prepare(call) {
      const checked = {
        ...call,
        query: readQuery(query, call.query),
        body: read(body, call.body, 'body'),
        idempotencyKey: described.idempotent ? idempotencyKeyOf(call.request) : undefined,
      };
      return () => handle(checked);
    },
  };
}

function idempotencyKeyOf({ headers }: Request): string | undefined {
  const given = headers.get('idempotency-key');
  return given === null ? undefined : read(IDEMPOTENCY_KEY, given, 'Idempotency-Key');
}
