import type { Page } from './pages.ts';
import { type Refusal, STATUS } from './refusal.ts';

type HeaderValues = Readonly<Record<string, string>>;

/**
 * Sent with every response. Pages load scripts and styles only from their own origin. No site may frame
 * them or embed their files, and browsers send no Referer and do not guess content types.
 */
const SECURITY: HeaderValues = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** No cache stores a response that is meant for one session. */
const PRIVATE: HeaderValues = { ...SECURITY, 'Cache-Control': 'no-store' };

const encoder = new TextEncoder();

export function jsonAnswer(status: number, body: unknown, headers: HeaderValues = {}): Response {
  const bytes = encoder.encode(JSON.stringify(body));
  return new Response(bytes, {
    status,
    headers: {
      ...PRIVATE,
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(bytes.length),
      ...headers,
    },
  });
}

/** A file to download, generated while the client reads it. */
export function downloadAnswer(
  body: ReadableStream<Uint8Array>,
  { type, name }: { readonly type: string; readonly name: string },
): Response {
  return new Response(body, {
    headers: {
      ...PRIVATE,
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
    },
  });
}

/**
 * A page or a file that is the same for every caller. Caches revalidate it on each use, unless it is
 * immutable.
 */
export function staticAnswer(
  request: Request,
  { type, body, tag, immutable = false }: Omit<Page, 'path'>,
): Response {
  const caching = immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
  const headers = { ...SECURITY, 'Cache-Control': caching, ETag: tag };
  // RFC 9110 §13.1.2: a list of tags, compared weakly.
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (known.some((given) => given.trim().replace(/^W\//, '') === tag)) {
    return new Response(null, { status: 304, headers });
  }
  const bytes = encoder.encode(body);
  return new Response(bytes, {
    headers: { ...headers, 'Content-Type': type, 'Content-Length': String(bytes.length) },
  });
}

export function refusalAnswer({ code, message, details }: Refusal): Response {
  const { argument, challenge, headers } = details;
  return jsonAnswer(STATUS[code], { error: code, message, argument, challenge }, headers);
}

/** The same answer without its body: RFC 9110 §9.3.2. */
export async function headOf(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return new Response(null, answer);
}
