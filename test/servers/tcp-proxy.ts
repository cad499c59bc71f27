import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to the connection on which a request holds a given text. */
type Fault = 'cut before the request' | 'cut before the reply' | 'hang';

export interface TcpProxyOptions {
  /** Milliseconds that a request and its reply take longer, half of it each. Default 0. */
  readonly roundTripMs?: number;
  /** A request that makes its connection one that is delayed and swallowed. Default: any. */
  readonly only?: RegExp;
}

export interface TcpProxy {
  readonly port: number;
  /** Whether replies are swallowed, on connections that stay open. */
  isBlackHole: boolean;
  /** How many replies were swallowed, in chunks. */
  readonly swallowed: number;
  /** How often a request followed a reply on its connection, or was its first. */
  readonly roundTrips: number;
  /** The address of the server with the port of the proxy. */
  through(url: string): string;
  /** Breaks the next connection on which a request holds the text; resolves once it is broken. */
  strike(fault: Fault, text: string): Promise<void>;
  /** Cuts all connections, loses what is on its way, and takes no others until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** A TCP proxy on the loopback interface that breaks and delays connections. */
export async function startTcpProxy(
  target: number,
  { roundTripMs = 0, only = /(?:)/ }: TcpProxyOptions = {},
): Promise<TcpProxy> {
  let order: { fault: Fault; text: string; done: () => void } | undefined;
  let isOpen = true;
  let swallowed = 0;
  let roundTrips = 0;
  const sockets = new Set<Socket>();
  function join(near: Socket, far: Socket) {
    let struck: typeof order;
    let isAffected = false;
    let isAsking = false;
    const later = (work: () => void) => {
      if (roundTripMs > 0 && isAffected) setTimeout(work, roundTripMs / 2);
      else work();
    };
    const send = (to: Socket, chunk: Buffer) => later(() => to.writable && to.write(chunk));
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}); // 'close' comes after it
      socket.on('close', () => {
        sockets.delete(socket);
        later(() => other.destroySoon());
      });
    }
    near.on('data', (chunk) => {
      if (!isAsking) roundTrips++;
      isAsking = true;
      isAffected ||= only.test(chunk.toString('latin1'));
      if (struck === undefined && order !== undefined && chunk.includes(order.text)) {
        struck = order;
        order = undefined;
        if (struck.fault === 'cut before the request') cut();
        if (struck.fault !== 'cut before the reply') return struck.done();
      }
      if (struck?.fault !== 'hang') send(far, chunk);
    });
    far.on('data', (chunk) => {
      isAsking = false;
      if (struck?.fault === 'cut before the reply') {
        cut();
        struck.done();
      } else if (proxy.isBlackHole && isAffected) {
        swallowed++;
      } else if (struck === undefined) {
        send(near, chunk);
      }
    });
  }

  const server = createServer((near) => {
    if (isOpen) join(near, connect(target, '127.0.0.1'));
    else near.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: TcpProxy = {
    port,
    isBlackHole: false,
    get swallowed() {
      return swallowed;
    },
    get roundTrips() {
      return roundTrips;
    },
    through: (url) => Object.assign(new URL(url), { port }).href,
    strike: (fault, text) =>
      new Promise((done) => {
        order = { fault, text, done };
      }),
    shut() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    async close() {
      proxy.shut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
