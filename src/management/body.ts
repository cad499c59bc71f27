import { Refusal } from './refusal.ts';

/** Fits metadata of 4,096 bytes and 100 scopes of 100 characters, with room for escapes. */
const MAX_BODY_BYTES = 32_768;

/**
 * Parses the body of a request as JSON. Returns an empty object if there is no body.
 *
 * @throws Refusal `unsupported_media_type`, `body_too_large` or `invalid_json`; `internal` if the
 * application has already read the body.
 */
export async function readBody(request: Request): Promise<unknown> {
  const { headers, body, bodyUsed } = request;
  assertPlainJson(headers);
  // Refuse a declared length without reading. `readBytes` counts if it is absent or wrong.
  if (Number(headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (body === null) return {};
  if (bodyUsed || body.locked) throw readBefore();
  const bytes = await readBytes(body);
  if (bytes.length === 0) return {};
  // Checked this late because a request without a body needs no Content-Type.
  if (!headers.has('content-type')) throw wrongType();
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message would quote a part of the body.
    throw new Refusal('invalid_json', 'The body must be JSON in UTF-8.');
  }
}

function assertPlainJson(headers: Headers): void {
  const type = headers.get('content-type');
  const encoding = headers.get('content-encoding');
  const isJson = type === null || /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type);
  if (!isJson || (encoding !== null && encoding !== 'identity')) throw wrongType();
}

async function readBytes(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { value, done } = await reader.read().catch(brokenOff);
    if (done) break;
    total += value.length;
    if (total > MAX_BODY_BYTES) {
      // Not awaited: a client that never stops sending would delay the response.
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    chunks.push(value);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : joined(chunks, total);
}

function joined(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

/** The client has disconnected: this is no server error, and the response is not read. */
function brokenOff(): never {
  throw new Refusal('invalid_json', 'The body broke off.');
}

function readBefore(): Refusal {
  const cause = new Error('the body of the request was read before the handler received it');
  return new Refusal('internal', 'The body could not be read.', { cause });
}

function tooLarge(): Refusal {
  return new Refusal('body_too_large', `The body must be at most ${MAX_BODY_BYTES} bytes.`);
}

function wrongType(): Refusal {
  return new Refusal(
    'unsupported_media_type',
    'The body must be sent as application/json, in UTF-8 and not compressed.',
  );
}
