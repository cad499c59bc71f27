import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Connections that stay open, each with one request under way: what a server's clients are like. */
const CONNECTIONS = 32;

/**
 * Sends requests to a server on loopback, the given ones over and over. A client that does as little
 * as this one leaves the server to be what is measured.
 */
export async function openLoad(port: number, requests: readonly string[]) {
  const sockets: Socket[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }).setEncoding('latin1');
    await once(socket, 'connect');
    sockets.push(socket);
  }
  let next = 0;
  const request = () => requests[next++ % requests.length] ?? '';

  /** Resolves when so many requests have been answered with 200; rejects at any other answer. */
  function run(count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let unsent = count;
      let unanswered = count;
      for (const socket of sockets) {
        if (socket.destroyed) reject(new Error('hung up'));
        let text = '';
        const send = () => {
          if (unsent-- > 0) socket.write(request());
        };
        socket.removeAllListeners('data').on('data', (chunk) => {
          text += chunk;
          if (text.length < lengthOf(text)) return;
          if (!text.startsWith('HTTP/1.1 200 ')) reject(new Error(`answered: ${text}`));
          text = '';
          if (--unanswered === 0) resolve();
          else send();
        });
        socket.removeAllListeners('close').on('close', () => reject(new Error('hung up')));
        send();
      }
    });
  }

  function close(): void {
    for (const socket of sockets) socket.removeAllListeners('close').destroy();
  }

  return { run, close };
}

/** How long the answer is that a text begins, in characters of one byte; more than it has if unknown. */
function lengthOf(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return Number.POSITIVE_INFINITY;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${text}`);
  return end + 4 + Number(length);
}
