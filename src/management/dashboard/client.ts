import type { JsonObject } from '../../json.ts';
import type {
  ActivityAction,
  ActivityEvent,
  KeyChange,
  KeyRecord,
  KeyState,
  Page,
} from '../../record.ts';

/** A key as the API answers it. */
export type ShownKey = KeyRecord & { readonly state: KeyState };

/** What the page may do and offer. */
export interface SessionInfo {
  readonly actor: { readonly id: string; readonly [detail: string]: unknown };
  readonly owner: string;
  readonly actions: readonly string[];
  readonly scopes: readonly string[];
  readonly environments: readonly string[];
  readonly quota: number;
  readonly brand: {
    readonly name: string;
    /** The environment variable that samples keep a key in: `PROON_API_KEY`. */
    readonly variable: string;
    readonly apiBaseUrl?: string;
    readonly docsUrl?: string;
  };
  readonly texts: Readonly<Record<string, string>>;
  readonly secondFactor?: {
    readonly operations: readonly string[];
    readonly enrolled: boolean;
    readonly recoveryCodesLeft?: number;
  };
}

export interface KeyQuery {
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: KeyState | undefined;
  readonly text?: string | undefined;
  readonly expiresBefore?: number | undefined;
  readonly unusedSince?: number | undefined;
}

export interface ActivityQuery {
  readonly keyId?: string | undefined;
  readonly action?: ActivityAction | undefined;
  readonly actorId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** A key that was just made, with its token. */
export interface IssuedKey {
  readonly key: string;
  readonly record: ShownKey;
}

export interface WantedKey {
  readonly name: string;
  readonly environment: string;
  readonly scopes?: readonly string[];
  readonly expiresAt?: number;
}

/** An answer that is no success, by the `error` of the management API; `network` for none at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly challenge: JsonObject | undefined;
  /** Seconds until another attempt is looked at. */
  readonly retryAfter: number | undefined;

  constructor(code: string, details: { challenge?: JsonObject; retryAfter?: number } = {}) {
    super(code);
    this.code = code;
    this.challenge = details.challenge;
    this.retryAfter = details.retryAfter;
  }
}

/** Asks for a second factor; tells whether it was passed. */
export type Confirm = (challenge: JsonObject) => Promise<boolean>;

interface Sent {
  readonly query?: object;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

/**
 * The management API, as far as the dashboard needs it. Where a request asks for a second factor,
 * `confirm` is called, and the same request is sent again with the same Idempotency-Key.
 *
 * Every method rejects with an {@link ApiError}; with `step_up_required` where `confirm` was
 * given up.
 */
export class Client {
  readonly #base: string;
  readonly #confirm: Confirm;

  constructor(base: string, confirm: Confirm) {
    this.#base = base.replace(/\/$/, '');
    this.#confirm = confirm;
  }

  session(): Promise<SessionInfo> {
    return this.#send('GET', '/api/session');
  }

  keys(query: KeyQuery): Promise<Page<ShownKey>> {
    return this.#send('GET', '/api/keys', { query });
  }

  async key(id: string): Promise<ShownKey> {
    return (await this.#send<{ record: ShownKey }>('GET', keyPath(id))).record;
  }

  create(body: WantedKey, idempotencyKey: string): Promise<IssuedKey> {
    return this.#send('POST', '/api/keys', { body, idempotencyKey });
  }

  async update(id: string, body: KeyChange): Promise<ShownKey> {
    return (await this.#send<{ record: ShownKey }>('PATCH', keyPath(id), { body })).record;
  }

  rotate(
    id: string,
    body: { readonly graceMs?: number },
    idempotencyKey: string,
  ): Promise<IssuedKey & { readonly replaced: ShownKey }> {
    return this.#send('POST', `${keyPath(id)}/rotate`, { body, idempotencyKey });
  }

  async revoke(id: string, body: { readonly reason?: string }): Promise<ShownKey> {
    const path = `${keyPath(id)}/revoke`;
    return (await this.#send<{ record: ShownKey }>('POST', path, { body })).record;
  }

  async revokeAll(body: { readonly reason?: string }): Promise<number> {
    const path = '/api/keys/revoke-all';
    return (await this.#send<{ revoked: number }>('POST', path, { body })).revoked;
  }

  activity(
    query: ActivityQuery & { readonly limit?: number; readonly cursor?: string | undefined },
  ): Promise<Page<ActivityEvent>> {
    return this.#send('GET', '/api/activity', { query });
  }

  /** The address of the activity as a file. */
  exportUrl(format: 'csv' | 'json', query: ActivityQuery): string {
    return this.#url('/api/activity/export', { format, ...query });
  }

  enroll(): Promise<{ readonly secret: string; readonly uri: string; readonly qrCode: string }> {
    return this.#send('POST', '/api/second-factor/enroll', { body: {} });
  }

  confirmEnrollment(code: string): Promise<{ readonly recoveryCodes: readonly string[] }> {
    return this.#send('POST', '/api/second-factor/confirm', { body: { code } });
  }

  verify(code: string): Promise<unknown> {
    return this.#send('POST', '/api/second-factor/verify', { body: { code } });
  }

  renewRecoveryCodes(): Promise<{ readonly recoveryCodes: readonly string[] }> {
    return this.#send('POST', '/api/second-factor/recovery-codes', { body: {} });
  }

  disableSecondFactor(): Promise<unknown> {
    return this.#send('POST', '/api/second-factor/disable', { body: {} });
  }

  async #send<Result>(method: string, path: string, sent: Sent = {}): Promise<Result> {
    for (;;) {
      try {
        return await this.#ask<Result>(method, path, sent);
      } catch (error) {
        const { code, challenge } = error as ApiError;
        if (code !== 'step_up_required' || !(await this.#confirm(challenge ?? {}))) throw error;
      }
    }
  }

  async #ask<Result>(method: string, path: string, sent: Sent): Promise<Result> {
    const { query = {}, body, idempotencyKey } = sent;
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    let response: Response;
    try {
      response = await fetch(this.#url(path, query), {
        method,
        headers,
        credentials: 'include',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError('network');
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && answer !== undefined) return answer as Result;
    throw errorOf(response, answer);
  }

  #url(path: string, query: object): string {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) params.set(name, String(value));
    }
    const text = params.toString();
    return `${this.#base}${path}${text === '' ? '' : `?${text}`}`;
  }
}

function keyPath(id: string): string {
  return `/api/keys/${encodeURIComponent(id)}`;
}

function errorOf({ headers }: Response, answer: unknown): ApiError {
  const { error, challenge } = (answer ?? {}) as { error?: string; challenge?: JsonObject };
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new ApiError(error ?? 'unexpected', {
    ...(challenge === undefined ? {} : { challenge }),
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
  });
}

/** A fresh Idempotency-Key. `crypto.randomUUID` is missing where a page has no TLS. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join(
    '-',
  );
}
