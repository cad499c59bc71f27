import type { JsonObject } from '../../json.ts';
import type { ActivityEvent, KeyChange, Page } from '../../record.ts';
import type {
  ActivityQuery,
  IssuedKey,
  KeyQuery,
  SessionInfo,
  ShownKey,
  WantedKey,
} from './api.ts';
import { now } from './time.ts';

/** A failed request. `code` is the `error` of the management API, or `network` without a response. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly challenge: JsonObject | undefined;
  /** Seconds until the next attempt is accepted. */
  readonly retryAfter: number | undefined;

  constructor(
    code: string,
    details: { message?: string; challenge?: JsonObject; retryAfter?: number } = {},
  ) {
    super(details.message ?? code);
    this.code = code;
    this.challenge = details.challenge;
    this.retryAfter = details.retryAfter;
  }
}

/** Asks for the second factor, and resolves with whether it was confirmed. */
export type Confirm = (challenge: JsonObject) => Promise<boolean>;

interface RequestParts {
  /** A member of the response. A response without it does not come from the API. */
  readonly expects?: string;
  readonly query?: object;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

/**
 * A client of the management API. If a request requires the second factor, the client calls `confirm` and
 * sends the request again with the same Idempotency-Key.
 *
 * Every method rejects with an {@link ApiError}. Its code is `step_up_required` if `confirm` was
 * cancelled.
 */
export class Client {
  readonly #base: string;
  readonly #confirm: Confirm;
  /** When codes of the second factor are accepted again, after too many wrong ones. */
  lockedUntil = 0;
  /** Who is signed in, and whether a request has found that the session has ended. */
  #identity = '';
  #ended = false;
  /** Finds whole tokens. The pattern comes with the session. */
  #token: RegExp | undefined;

  constructor(base: string, confirm: Confirm) {
    this.#base = base.replace(/\/$/, '');
    this.#confirm = confirm;
  }

  async session(): Promise<SessionInfo> {
    const parts = { expects: 'tokenPattern' };
    const session = await this.#send<SessionInfo>('GET', '/api/session', parts);
    this.#token = new RegExp(session.tokenPattern);
    this.#identity = identityOf(session);
    this.#ended = false;
    return session;
  }

  keys(query: KeyQuery): Promise<Page<ShownKey>> {
    return this.#send('GET', '/api/keys', { expects: 'items', query });
  }

  /** Reads a key, and the current time of the service. */
  key(id: string): Promise<{ readonly record: ShownKey; readonly now: number }> {
    return this.#send('GET', keyPath(id), RECORD);
  }

  create(body: WantedKey, idempotencyKey: string): Promise<IssuedKey> {
    return this.#send('POST', '/api/keys', { expects: 'key', body, idempotencyKey });
  }

  update(id: string, body: KeyChange): Promise<RecordAnswer> {
    return this.#send('PATCH', keyPath(id), { ...RECORD, body });
  }

  rotate(
    id: string,
    body: { readonly graceMs?: number },
    idempotencyKey: string,
  ): Promise<IssuedKey & { readonly replaced: ShownKey }> {
    const path = `${keyPath(id)}/rotate`;
    return this.#send('POST', path, { expects: 'key', body, idempotencyKey });
  }

  revoke(id: string, body: { readonly reason?: string }): Promise<RecordAnswer> {
    return this.#send('POST', `${keyPath(id)}/revoke`, { ...RECORD, body });
  }

  revokeAll(body: { readonly reason?: string }): Promise<Effective & { readonly revoked: number }> {
    return this.#send('POST', '/api/keys/revoke-all', { expects: 'revoked', body });
  }

  activity(
    query: ActivityQuery & { readonly limit?: number; readonly cursor?: string | undefined },
  ): Promise<Page<ActivityEvent>> {
    return this.#send('GET', '/api/activity', { expects: 'items', query });
  }

  /** The address of the activity export. */
  exportUrl(format: 'csv' | 'json', query: ActivityQuery): string {
    return this.#url('/api/activity/export', { format, ...query });
  }

  enroll(): Promise<{ readonly secret: string; readonly uri: string; readonly qrCode: string }> {
    return this.#send('POST', '/api/second-factor/enroll', { expects: 'secret', body: {} });
  }

  confirmEnrollment(code: string): Promise<{ readonly recoveryCodes: readonly string[] }> {
    const path = '/api/second-factor/confirm';
    return this.#send('POST', path, { expects: 'recoveryCodes', body: { code } });
  }

  verify(code: string): Promise<unknown> {
    const path = '/api/second-factor/verify';
    return this.#send('POST', path, { expects: 'validForMs', body: { code } });
  }

  renewRecoveryCodes(): Promise<{ readonly recoveryCodes: readonly string[] }> {
    const path = '/api/second-factor/recovery-codes';
    return this.#send('POST', path, { expects: 'recoveryCodes', body: {} });
  }

  disableSecondFactor(): Promise<unknown> {
    return this.#send('POST', '/api/second-factor/disable', { body: {} });
  }

  async #send<Result>(method: string, path: string, parts: RequestParts = {}): Promise<Result> {
    if (this.#ended && method !== 'GET') await this.#assertSame();
    for (;;) {
      try {
        return await this.#request<Result>(method, path, parts);
      } catch (error) {
        const { code, challenge, retryAfter = 30 } = error as ApiError;
        if (code === 'unauthorized') this.#ended = true;
        if (code === 'too_many_attempts') this.lockedUntil = now() + retryAfter * 1000;
        if (code !== 'step_up_required' || !(await this.#confirm(challenge ?? {}))) throw error;
      }
    }
  }

  /** After a session has ended, the next one may be another person's. Do not send this person's input. */
  async #assertSame(): Promise<void> {
    const session = await this.#request<SessionInfo>('GET', '/api/session', { expects: 'actor' });
    if (identityOf(session) !== this.#identity) throw new ApiError('session_changed');
    this.#ended = false;
  }

  async #request<Result>(method: string, path: string, parts: RequestParts): Promise<Result> {
    const { query = {}, body, idempotencyKey, expects } = parts;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    // Requests may be logged and stored, so never send a pasted token.
    const texts = JSON.stringify(body ?? '').replace(/\\./g, ' ');
    const sentTexts = [path, ...Object.values(query), texts];
    if (sentTexts.some((text) => this.#token?.test(String(text)))) {
      throw new ApiError('token_entered');
    }
    let response: Response;
    try {
      response = await fetch(this.#url(path, query), {
        method,
        headers,
        credentials: 'include',
        // The API never redirects; a sign-in page in front of it may.
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError('network');
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && isAnswer(answer, expects)) return answer as Result;
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

/** When a change holds in every process of the service. Absent if it already does. */
type Effective = { readonly effectiveBy?: number };

type RecordAnswer = Effective & { readonly record: ShownKey };
const RECORD = { expects: 'record' };

function keyPath(id: string): string {
  return `/api/keys/${encodeURIComponent(id)}`;
}

function identityOf({ owner, actor }: SessionInfo): string {
  return JSON.stringify([owner, actor.id]);
}

function isAnswer(answer: unknown, expects: string | undefined): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  return expects === undefined || expects in answer;
}

/**
 * Converts a response to an error. A 401 means that the session has ended. So does a redirect, or a success
 * that the API did not send: both come from a proxy or a sign-in page in front of the API.
 */
function errorOf(response: Response, answer: unknown): ApiError {
  const { headers, ok, status, type } = response;
  if (ok || status === 401 || type === 'opaqueredirect') return new ApiError('unauthorized');
  const { error, message, challenge } = (answer ?? {}) as {
    error?: string;
    message?: string;
    challenge?: JsonObject;
  };
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new ApiError(error ?? 'unexpected', {
    ...(message === undefined ? {} : { message }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
  });
}

/** Creates an Idempotency-Key. A page without TLS has no `crypto.randomUUID`. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join(
    '-',
  );
}
