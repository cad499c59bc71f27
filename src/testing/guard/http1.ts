import { type FieldLine, valuesOf, type WireRequest, type WireResponse } from './wire.ts';

/** The bytes received on a connection, one per character. */
export interface Received {
  readonly text: string;
  /** Whether the connection has ended. */
  readonly ended: boolean;
}

/** The bytes of a request (RFC 9112 §2.1), one per character. */
export function requestText(
  { method = 'GET', path, lines = [], body }: WireRequest,
  host: string,
): string {
  const payload = body === undefined ? '' : bytesOf(body);
  const framing: FieldLine[] =
    body === undefined ? [] : [['Content-Length', String(payload.length)]];
  const fields = [['Host', host], ...lines, ...framing].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${fields.join('')}\r\n${payload}`;
}

/** Parses the first response, and returns it with the rest; `undefined` if it is incomplete. */
export function readResponse(
  { text, ended }: Received,
  method: string,
): { readonly response: WireResponse; readonly rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...fields] = text.slice(0, end).split('\r\n');
  const status = Number(statusLine.split(' ', 2)[1]);
  const rest = text.slice(end + 4);
  // RFC 9110 §15.2: an interim response, which the final one follows.
  if (status < 200) return readResponse({ text: rest, ended }, method);
  const head = { status, lines: fields.map(fieldLine), body: '' };
  const framed = readBody(head, method, { text: rest, ended });
  return framed && { response: { ...head, body: textOf(framed.body) }, rest: framed.rest };
}

interface Framed {
  readonly body: string;
  readonly rest: string;
}

/** RFC 9112 §6.3: the length of the body. */
function readBody(head: WireResponse, method: string, received: Received): Framed | undefined {
  const { text, ended } = received;
  if (method === 'HEAD' || head.status === 204 || head.status === 304) {
    return { body: '', rest: text };
  }
  if (valuesOf(head, 'transfer-encoding').join().toLowerCase().endsWith('chunked')) {
    return readChunks(text);
  }
  const [length] = valuesOf(head, 'content-length');
  if (length === undefined) return ended ? { body: text, rest: '' } : undefined;
  if (text.length < Number(length)) return undefined;
  return { body: text.slice(0, Number(length)), rest: text.slice(Number(length)) };
}

/** RFC 9112 §7.1; trailers are ignored. */
function readChunks(text: string): Framed | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    const start = line + 2;
    if (size === 0) {
      const end = text.indexOf('\r\n\r\n', line);
      return end < 0 ? undefined : { body, rest: text.slice(end + 4) };
    }
    if (text.length < start + size + 2) return undefined;
    body += text.slice(start, start + size);
    at = start + size + 2;
  }
}

function fieldLine(text: string): FieldLine {
  const colon = text.indexOf(':');
  return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()];
}

function bytesOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

function textOf(bytes: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (char) => char.charCodeAt(0)),
  );
}
