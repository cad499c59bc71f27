import type { Socket } from 'node:net';
import { invalid } from '../../errors.ts';
import { type Received, readResponse, requestText } from './http1.ts';
import type { Exchange, WireRequest, WireResponse } from './wire.ts';

/** Writes raw bytes to a socket of the server, including requests that an HTTP client would reject. */
export function socketExchange(origin: string): Exchange {
  const { protocol, hostname, port, host } = new URL(origin);
  if (protocol !== 'http:') throw invalid('origin', 'must begin with http://');
  return async (requests) => {
    // Not an import, which a bundler would have to resolve: the rest of the suite runs on any runtime.
    const { connect } = globalThis.process.getBuiltinModule('node:net');
    const socket = connect({ host: hostname.replace(/^\[(.+)\]$/, '$1'), port: Number(port) });
    try {
      return await converse(socket, host, requests);
    } finally {
      socket.destroy();
    }
  };
}

async function converse(
  socket: Socket,
  host: string,
  requests: readonly WireRequest[],
): Promise<WireResponse[]> {
  const connection = listen(socket);
  const answers: WireResponse[] = [];
  for (const request of requests) {
    if (!connection.received().ended) socket.write(requestText(request, host), 'latin1');
    answers.push(await nextAnswer(connection, request.method ?? 'GET'));
  }
  return answers;
}

interface Connection {
  received(): Received;
  /** Replaces the received text with the unread rest. */
  keep(rest: string): void;
  /** Resolves when more bytes have arrived, or the connection has ended. */
  changed(): Promise<void>;
}

function listen(socket: Socket): Connection {
  let text = '';
  let ended = false;
  let wake = () => {};
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
    wake();
  });
  // A server that rejects a header may reset the connection. That ends the connection without an error.
  socket.on('error', () => {});
  socket.on('close', () => {
    ended = true;
    wake();
  });
  return {
    received: () => ({ text, ended }),
    keep: (rest) => {
      text = rest;
    },
    changed: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}

async function nextAnswer(connection: Connection, method: string): Promise<WireResponse> {
  for (;;) {
    const received = connection.received();
    const read = readResponse(received, method);
    if (read !== undefined) {
      connection.keep(read.rest);
      return read.response;
    }
    if (received.ended) return { status: 0, lines: [], body: '' };
    await connection.changed();
  }
}
