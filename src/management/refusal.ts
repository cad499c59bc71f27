import { type ErrorCode, isKeywrightError, type KeywrightError } from '../errors.ts';
import { defined, type JsonObject } from '../json.ts';

/** Every `error` that the management API answers with, and its HTTP status. */
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

/** The `error` of an answer that is no success; `docs/guide/management.md` gives their status. */
export type ManagementErrorCode = keyof typeof STATUS;

interface Details {
  readonly argument?: string;
  /** What the page needs to ask for a second factor. */
  readonly challenge?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** What went wrong on the server's side: told to `onError`, never to the caller. */
  readonly cause?: unknown;
}

/** Ends the handling of a request with an answer that is no success. */
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

/** What the service's own refusals are to the caller; whatever else it rejects with is a failure. */
const ANSWERED: Partial<Record<ErrorCode, ManagementErrorCode>> = {
  invalid_argument: 'invalid_argument',
  key_not_found: 'key_not_found',
  key_revoked: 'key_revoked',
  key_expired: 'key_expired',
  key_replaced: 'key_replaced',
};

/** The answer to whatever was thrown while a request was handled. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isKeywrightError(error)) {
    const code = ANSWERED[error.code];
    if (code !== undefined) return answered(code, error);
  }
  // By the contract of stores, what rejects with no code of its own is a store that failed.
  return new Refusal('unavailable', 'The keys cannot be reached right now. Try again shortly.', {
    headers: { 'Retry-After': '1' },
    cause: error,
  });
}

function answered(code: ManagementErrorCode, { message, argument }: KeywrightError): Refusal {
  return new Refusal(code, message, defined({ argument }));
}

/** The answer to an id that is unknown, and to one of another owner's: the same bytes. */
export function notFound(): Refusal {
  return new Refusal('key_not_found', 'no key has this id');
}
