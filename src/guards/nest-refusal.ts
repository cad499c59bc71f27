import { HttpException, StreamableFile } from '@nestjs/common';
import type { HttpRefusal } from '../http/refusal.ts';
import { addHeaders, type NestResponse } from './nest-context.ts';

/**
 * Sets the headers of a refusal, and returns the exception to throw: Nest answers with its status and
 * its body, unless an exception filter of the application does.
 */
export function refusalException(
  response: NestResponse,
  { status, headers, body }: HttpRefusal,
): HttpException {
  // Nest writes Content-Length itself, and a filter may write another body.
  const fields = Object.entries(headers).filter(([name]) => !/^content-length$/i.test(name));
  addHeaders(response, Object.fromEntries(fields));
  return new HttpException(payloadOf(body), status);
}

/** A payload that Nest sends as this text: it writes objects as JSON, and wraps strings in an object. */
function payloadOf(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && JSON.stringify(value) === body) return value;
  } catch {}
  const bytes = new TextEncoder().encode(body);
  return new StreamableFile(bytes, { length: bytes.length });
}
