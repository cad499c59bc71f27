import type {
  ActivityEvent,
  ApiKeysOptions,
  JsonObject,
  KeyRecord,
  KeyState,
  KeyStore,
} from 'keywright';
import {
  ALL_ACTIONS,
  type Authorization,
  createManagement,
  type ManagementErrorCode,
  type ManagementOptions,
} from 'keywright/management';
import { expect } from 'vitest';
import { type Environment, setUp } from '../support.ts';
import { Described, type OpenApiDocument } from './described.ts';

export const ORIGIN = 'https://app.example.com';
export const BASE = '/app/api-keys';

/** Who may be signed in, by the value of the `session` cookie. */
export const SESSIONS: Readonly<Record<string, Authorization>> = {
  ada: {
    actor: { id: 'user_ada', email: 'ada@example.com' },
    owner: 'org_1',
    actions: ALL_ACTIONS,
    scopes: ['orders:read', 'orders:write'],
  },
  grace: { actor: { id: 'user_grace' }, owner: 'org_1', actions: ALL_ACTIONS },
  mallory: {
    actor: { id: 'user_mallory' },
    owner: 'org_2',
    actions: ALL_ACTIONS,
    scopes: ['orders:read', 'orders:write'],
  },
  newcomer: { actor: { id: 'user_new' }, owner: 'org_1' },
};

export function authorize(request: Request): Authorization | undefined {
  const [, name = ''] = /(?:^|; )session=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? [];
  return SESSIONS[name];
}

/** What a request has beyond method and path. */
export interface Sent {
  /** Whose session; default Ada's, `null` for none. */
  readonly as?: string | null;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: NonNullable<RequestInit['body']>;
  /** Beside those of a browser on the handler's own origin; `null` takes one of them away. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

type ShownKey = KeyRecord & { readonly state: KeyState };

/** The members of all the answers; each test knows which of them its answer has. */
interface AnswerBody<Item> {
  readonly key: string;
  readonly record: ShownKey;
  readonly replaced: ShownKey;
  readonly items: readonly Item[];
  readonly cursor?: string;
  readonly revoked: number;
  readonly effectiveBy?: number;
  readonly error: ManagementErrorCode;
  readonly message: string;
  readonly argument: string;
  readonly challenge: JsonObject;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, with keys for its items. */
  readonly json: AnswerBody<ShownKey>;
  /** The same, with events for its items. */
  readonly activity: AnswerBody<ActivityEvent>;
}

/** Builds a request as a page of the handler's own origin sends it. */
export function requestOf(method: string, path: string, sent: Sent = {}): Request {
  const { as = 'ada', json, body = json === undefined ? null : JSON.stringify(json) } = sent;
  const headers = new Headers();
  const given: Record<string, string | null> = {
    cookie: as === null ? null : `session=${as}`,
    'content-type': body === null ? null : 'application/json',
    ...(method === 'GET' || method === 'HEAD' ? {} : { origin: ORIGIN }),
    ...sent.headers,
  };
  for (const [name, value] of Object.entries(given)) if (value !== null) headers.set(name, value);
  return new Request(`${ORIGIN}${path}`, { method, headers, body, duplex: 'half' });
}

/** A handler over a memory store, whose every answer is held against its OpenAPI document. */
export async function mount(
  options: Partial<ManagementOptions> = {},
  service: Partial<ApiKeysOptions<Environment>> = {},
) {
  const { keys, store, time } = setUp(service);
  const errors: unknown[] = [];
  const management = createManagement({
    keys,
    authorize,
    basePath: BASE,
    clock: { now: () => time.now },
    onError: (error) => errors.push(error),
    ...options,
  });
  const { basePath } = management;
  const response = await management(new Request(`${ORIGIN}${basePath}/openapi.json`));
  const document = (await response.json()) as OpenApiDocument;
  const described = new Described(document);

  const call = async (method: string, path: string, sent?: Sent): Promise<Answer> => {
    const answer = await management(requestOf(method, basePath + path, sent));
    const text = await answer.text();
    const [pathname = ''] = path.split('?');
    if (pathname.startsWith('/api/') && method !== 'HEAD') {
      expect(described.complaints(method, pathname, answer, text), `${method} ${path}`).toEqual([]);
    }
    expectSafe(answer);
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    const json = isJson && text !== '' ? JSON.parse(text) : {};
    return { status: answer.status, headers: answer.headers, text, json, activity: json };
  };
  return { keys, store, time, errors, management, document, described, call };
}

/** The store, taking now one and now another turn of the event loop, as the seed has it. */
export function interleaved(store: KeyStore, seed = 0): KeyStore {
  let state = seed + 1;
  return new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]) => {
        state = (state * 48_271) % 2_147_483_647;
        for (let turns = state % 4; turns > 0; turns--) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        return member.apply(target, parameters);
      };
    },
  });
}

export type Mounted = Awaited<ReturnType<typeof mount>>;

/** What every answer has to say to a browser. */
function expectSafe({ headers }: Response): void {
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('access-control-allow-origin')).toBe(null);
  expect(headers.get('cache-control')).toMatch(/^(?:no-store|no-cache)$/);
}
