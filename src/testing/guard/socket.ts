import type { Socket } from 'node:net';
import { invalid } from '../../errors.ts';
import { type Received, readResponse, requestText } from './http1.ts';
import type { Exchange, WireRequest, WireResponse } from './wire.ts';

/** Writes raw bytes to a socket of the server, whatever a client of HTTP would think of them. */
export function socketExchange(origin: string): Exchange {
  const { protocol, hostname, port, host } = new URL(origin);
  if (protocol !== 'http:') throw invalid('origin', 'must begin with http://');
  return async (requests) => {
    // Looked up when there is a socket to write to, and by no import that a bundler would have to
    // resolve: the rest of the suite runs anywhere.
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
  /** Keeps of what was received only the text that is not read yet. */
  keep(rest: string): void;
  /** Resolves when something has come, or the end. */
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
  // A server that refuses a header may reset the connection: that is the end, and no failure.
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
