import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that takes mails by SMTP (RFC 5321) and keeps them. */
interface Mailbox {
  readonly url: string;
  /** Each with its headers, lines ended by a line feed. */
  readonly mails: string[];
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  const server = createServer((socket) => receive(socket, mails)).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `smtp://localhost:${(server.address() as AddressInfo).port}`,
    mails,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

function receive(socket: Socket, mails: string[]): void {
  let unread = '';
  let isData = false;
  const answer = (line: string) => socket.write(`${line}\r\n`);
  answer('220 localhost');
  socket.setEncoding('utf8').on('data', (text: string) => {
    unread += text;
    for (;;) {
      const end = isData ? '\r\n.\r\n' : '\r\n';
      const at = unread.indexOf(end);
      if (at < 0) return;
      const part = unread.slice(0, at);
      unread = unread.slice(at + end.length);
      if (isData) mails.push(part.replaceAll('\r\n', '\n'));
      const isBegun = !isData && /^data$/i.test(part);
      if (/^quit$/i.test(part) && !isData) socket.end('221 localhost\r\n');
      else answer(isBegun ? '354 go on' : '250 localhost');
      isData = isBegun;
    }
  });
  // A client that is done may hang up.
  socket.on('error', () => socket.destroy());
}
