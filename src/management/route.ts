import type { JsonObject } from '../json.ts';
import type { OwnerKeys } from '../service/contract.ts';
import { readQuery } from './query.ts';
import type { ManagementErrorCode } from './refusal.ts';
import { type Fields, type ObjectSchema, read, type StringSchema, type ValueOf } from './schema.ts';
import type { ManagementAction, Session } from './session.ts';
import type { GuardedAction } from './step-up.ts';

/** An answer that a route gives when all goes well. */
interface Described {
  readonly status: 200 | 201;
  readonly description: string;
  /** Its JSON Schema, or one for each media type. */
  readonly schema: JsonObject | Readonly<Record<'text/csv' | 'application/json', JsonObject>>;
}

/** What is said of a route: it checks requests, and makes the OpenAPI document. */
interface Description {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** `/api/keys/{id}` */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** What a session must be allowed to do; absent where a session alone is enough. */
  readonly action?: ManagementAction;
  /** As what a second factor is asked for. */
  readonly stepUp?: GuardedAction;
  /** Whether the route takes an Idempotency-Key. */
  readonly idempotent?: true;
  readonly answer: Described;
  /** What it may refuse beyond what follows from the rest. */
  readonly refusals?: readonly ManagementErrorCode[];
}

/** What every route is given of a request. */
interface Call {
  readonly request: Request;
  readonly session: Session;
  /** The keys of the session's owner; there are no others. */
  readonly keys: OwnerKeys;
  /** The `{id}` of the path; empty where it has none. */
  readonly id: string;
}

/** A request before its parts are checked. */
interface RawCall extends Call {
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A request whose parts are known to be what the route describes. */
interface CheckedCall<Query, Body> extends Call {
  readonly query: Query;
  readonly body: Body;
  readonly idempotencyKey: string | undefined;
}

const NO_BODY = {
  type: 'object',
  properties: {},
  additionalProperties: false,
} as const satisfies ObjectSchema;

interface Definition<Query extends Fields, Body extends ObjectSchema> extends Description {
  readonly query?: Query;
  readonly body?: Body;
  handle(
    call: CheckedCall<
      ValueOf<{ readonly type: 'object'; readonly properties: Query }>,
      ValueOf<Body>
    >,
  ): Promise<Response>;
}

export interface Route extends Description {
  readonly query: Fields;
  readonly body?: ObjectSchema;
  /**
   * Checks the parts of a request, and gives what is left to do.
   *
   * @throws KeywrightError `invalid_argument` that names the part.
   */
  prepare(call: RawCall): () => Promise<Response>;
}

// draft-ietf-httpapi-idempotency-key-header-07 has a quoted string here; what clients send is any token.
export const IDEMPOTENCY_KEY: StringSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern: '^[!-~]+$',
  description:
    'Chosen by the client, one for each intent. A repetition within a day revokes the key that the first request made and gives a new one.',
};

/** A route from its description and its work. */
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
