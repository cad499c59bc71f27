import type { HttpRefusal } from '../http/refusal.ts';
import { answering } from './trpc-bytes.ts';

type Headers = Readonly<Record<string, string>>;

/** What there is to say of keys that have been replaced, by the request. */
const replaced = new WeakMap<object, Headers>();

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
};

/** A refusal as tRPC knows its own errors: by the name. It says what the refusal says, no more. */
class RefusalError extends Error {
  override readonly name = 'TRPCError';
  readonly code: string;
  readonly refusal: HttpRefusal;

  constructor(refusal: HttpRefusal) {
    super(messageOf(refusal));
    // Outside of production tRPC answers with it, and a real one tells what asked the store.
    this.stack = `${this.name}: ${this.message}`;
    this.code = CODES[refusal.status] ?? 'UNAUTHORIZED';
    this.refusal = refusal;
  }
}

/** What the body says; a refusal of the host's own need not be JSON with a message. */
function messageOf({ body }: HttpRefusal): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {}
  return 'The request was refused.';
}

/** The error to throw for a refused request, which is answered at once where that was asked for. */
export function refusalError(request: object, refusal: HttpRefusal): Error {
  answering.get(request)?.(refusal);
  return new RefusalError(refusal);
}

/** Keeps what the answer to a good key says, for `responseMeta`. */
export function rememberHeaders(request: object, headers: Headers | undefined): void {
  if (headers !== undefined) replaced.set(request, headers);
}

/**
 * For the option of the same name: the header lines of the first refusal among the errors, such as
 * `WWW-Authenticate`, or those that tell of a key that has been replaced.
 *
 * @example
 * ```ts
 * createHTTPServer({ router, createContext, responseMeta });
 * ```
 */
export function responseMeta({
  errors,
  ctx,
}: {
  readonly errors: readonly Error[];
  readonly ctx?: { readonly req: object } | undefined;
}): { headers: Record<string, string> } {
  const refused = errors.find((error): error is RefusalError => 'refusal' in error);
  if (refused === undefined) return { headers: { ...(ctx && replaced.get(ctx.req)) } };
  // tRPC has a body of its own, and these two speak of the refusal's.
  const headers = Object.entries(refused.refusal.headers).filter(
    ([name]) => !/^content-(?:type|length)$/i.test(name),
  );
  return { headers: Object.fromEntries(headers) };
}
