import type { HttpRefusal } from '../http/refusal.ts';

/** Creates the `Response` of a refusal, byte for byte; without the body for HEAD. */
export function refusalResponse(
  { method }: { readonly method: string },
  { status, headers, body }: HttpRefusal,
): Response {
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}

/** Adds headers to a response. Returns the same response if there are none. */
export function withHeaders(
  response: Response,
  headers: Readonly<Record<string, string>> | undefined,
): Response {
  if (headers === undefined) return response;
  // A copy: a response from `fetch` or `Response.redirect` is immutable.
  const copy = new Response(response.body, response);
  setHeaders(copy, headers);
  return copy;
}

/** Sets headers of the response, if there are any. */
export function setHeaders(
  { headers: target }: { readonly headers: { set(name: string, value: string): void } },
  headers: Readonly<Record<string, string>> | undefined,
): void {
  for (const name in headers) target.set(name, headers[name] ?? '');
}
