import type { HttpRefusal } from '../http/refusal.ts';

/** A refusal as a new `Response`, byte for byte; without its body where the method is HEAD. */
export function refusalResponse(
  { method }: { readonly method: string },
  { status, headers, body }: HttpRefusal,
): Response {
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}

/** The response with headers added; itself where there are none. */
export function withHeaders(
  response: Response,
  headers: Readonly<Record<string, string>> | undefined,
): Response {
  if (headers === undefined) return response;
  // A copy: one that came from `fetch` or `Response.redirect` cannot be changed.
  const copy = new Response(response.body, response);
  setHeaders(copy, headers);
  return copy;
}

/** Sets headers of what will be answered, if there are any. */
export function setHeaders(
  { headers: target }: { readonly headers: { set(name: string, value: string): void } },
  headers: Readonly<Record<string, string>> | undefined,
): void {
  for (const name in headers) target.set(name, headers[name] ?? '');
}
