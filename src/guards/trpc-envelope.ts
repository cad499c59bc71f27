import type { HttpRefusal } from '../http/refusal.ts';
import { keepRefusal } from './trpc-bytes.ts';

type Headers = Readonly<Record<string, string>>;

/** Response headers of requests whose key has been replaced. */
const replaced = new WeakMap<object, Headers>();

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
};

/** The error of a refusal, with its message and the name by which tRPC recognizes its own errors. */
class RefusalError extends Error {
  override readonly name = 'TRPCError';
  readonly code: string;
  readonly refusal: HttpRefusal;

  constructor(refusal: HttpRefusal) {
    super(messageOf(refusal));
    // Outside of production, tRPC sends the stack, and a real one would reveal what called the store.
    this.stack = `${this.name}: ${this.message}`;
    this.code = CODES[refusal.status] ?? 'UNAUTHORIZED';
    this.refusal = refusal;
  }
}

/** Returns the message of the body. A custom refusal need not be JSON with a message. */
function messageOf({ body }: HttpRefusal): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {}
  return 'The request was refused.';
}

/** Returns the error to throw for a refused request. */
export function refusalError(request: object, refusal: HttpRefusal): Error {
  keepRefusal(request, refusal);
  return new RefusalError(refusal);
}

/** Keeps the response headers of an accepted key, for `responseMeta`. */
export function rememberHeaders(request: object, headers: Headers | undefined): void {
  if (headers !== undefined) replaced.set(request, headers);
}

/**
 * Pass this as the option of the same name. It returns the headers of the first refusal among the errors,
 * such as `WWW-Authenticate`, or those for a key that has been replaced.
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
  // These two describe the body of the refusal, and tRPC sends its own.
  const headers = Object.entries(refused.refusal.headers).filter(
    ([name]) => !/^content-(?:type|length)$/i.test(name),
  );
  return { headers: Object.fromEntries(headers) };
}
