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
  readonly code: string | undefined;
  readonly refusal: HttpRefusal;

  constructor(refusal: HttpRefusal) {
    super((JSON.parse(refusal.body) as { message: string }).message);
    this.code = CODES[refusal.status];
    this.refusal = refusal;
  }
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
  const { 'Content-Type': _type, 'Content-Length': _length, ...headers } = refused.refusal.headers;
  return { headers };
}
