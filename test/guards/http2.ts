import {
  type ClientHttp2Session,
  type ClientSessionOptions,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Exchange, WireRequest, WireResponse } from 'keywright/testing';

/** Two Authorization lines are what a guard is there to count, so the client must send them. */
const LENIENT: ClientSessionOptions & { readonly strictSingleValueFields: boolean } = {
  strictSingleValueFields: false,
};

const CLOSED: WireResponse = { status: 0, lines: [], body: '' };
const NOT_SENT: WireResponse = { status: 400, lines: [], body: '' };

/** Sends requests over HTTP/2 without TLS, all of an exchange on one connection. */
export function http2Exchange(origin: string): Exchange {
  return async (requests) => {
    const session = connect(origin, LENIENT);
    // A server that refuses a header block closes the session: that is an answer.
    session.on('error', () => {});
    try {
      const answers: WireResponse[] = [];
      for (const request of requests) answers.push(await answerTo(session, request));
      return answers;
    } finally {
      session.destroy();
    }
  };
}

function answerTo(session: ClientHttp2Session, request: WireRequest): Promise<WireResponse> {
  return new Promise((resolve) => {
    const { method = 'GET', path, body } = request;
    let stream: ReturnType<ClientHttp2Session['request']>;
    try {
      const headers = { ':method': method, ':path': path, ...fieldsOf(request) };
      stream = session.request(headers, { endStream: body === undefined });
    } catch {
      resolve(NOT_SENT);
      return;
    }
    let answer = CLOSED;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', ({ ':status': status = 0, ...fields }) => {
      const lines = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
      answer = { status, lines, body: '' };
    });
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
    stream.on('error', () => {});
    stream.on('close', () => resolve({ ...answer, body: text }));
    stream.end(body);
  });
}

/** RFC 9113 §8.2: names are in lower case. */
function fieldsOf({ lines = [] }: WireRequest): OutgoingHttpHeaders {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of lines) {
    const values = fields[name.toLowerCase()];
    if (values) values.push(value);
    else fields[name.toLowerCase()] = [value];
  }
  return fields;
}
