import { type ErrorCode, isKeywrightError, type KeywrightError } from '../errors.ts';
import { defined, type JsonObject } from '../json.ts';

/** Every `error` of the management API, with its HTTP status. */
export const STATUS = {
  invalid_argument: 400,
  invalid_json: 400,
  unauthorized: 401,
  forbidden: 403,
  cross_site: 403,
  scope_not_grantable: 403,
  step_up_required: 403,
  wrong_code: 403,
  not_found: 404,
  key_not_found: 404,
  method_not_allowed: 405,
  key_revoked: 409,
  key_expired: 409,
  key_replaced: 409,
  quota_reached: 409,
  idempotency_conflict: 409,
  not_enrolled: 409,
  already_enrolled: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  too_many_attempts: 429,
  internal: 500,
  unavailable: 503,
} as const;

/** The `error` of a failed response. `docs/guide/management.md` lists their statuses. */
export type ManagementErrorCode = keyof typeof STATUS;

interface Details {
  readonly argument?: string;
  /** What the page needs to ask for a second factor. */
  readonly challenge?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** The error on the server's side. Passed to `onError`, never sent to the caller. */
  readonly cause?: unknown;
}

/** Ends the handling of a request with an error response. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ManagementErrorCode;
  readonly details: Details;

  constructor(code: ManagementErrorCode, message: string, details: Details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Errors of the service that the caller receives. Any other error is a failure of the server. */
const ANSWERED: Partial<Record<ErrorCode, ManagementErrorCode>> = {
  invalid_argument: 'invalid_argument',
  key_not_found: 'key_not_found',
  key_revoked: 'key_revoked',
  key_expired: 'key_expired',
  key_replaced: 'key_replaced',
};

/** Converts an error thrown during the handling of a request. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isKeywrightError(error)) {
    const code = ANSWERED[error.code];
    if (code !== undefined) return answered(code, error);
  }
  // By the store contract, a rejection without a known code means that the store failed.
  return new Refusal('unavailable', 'The keys cannot be reached right now. Try again shortly.', {
    headers: { 'Retry-After': '1' },
    cause: error,
  });
}

function answered(code: ManagementErrorCode, { message, argument }: KeywrightError): Refusal {
  return new Refusal(code, message, defined({ argument }));
}

/** The response to an unknown id and to an id of another owner: the same bytes. */
export function notFound(): Refusal {
  return new Refusal('key_not_found', 'no key has this id');
}
