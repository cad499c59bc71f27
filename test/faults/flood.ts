import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { generateToken } from 'keywright';
import { apiKeyGuard } from 'keywright/node';
import { exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { type EngineName, startEngine } from './engines.ts';
import { counted } from './flood/counted.ts';
import { malformed } from './flood/malformed.ts';
import { openStore } from './open-store.ts';
import { serviceOver } from './operations.ts';
import { scaled } from './scale.ts';

/** Requests a second, and for how long. */
const RATE = 5000;
const SECONDS = 10;

const CONNECTIONS = 20;
const TICK_MS = 10;
/** A machine that falls behind by more has not been flooded. */
const LEAST_RATE = 0.95 * RATE;

async function flood(name: EngineName): Promise<Measurement> {
  await using engine = await startEngine(name);
  const opened = await openStore(await engine.database());
  await opened.migrate();
  const queries = counted(opened.store);
  const service = serviceOver(queries.store);
  const guard = apiKeyGuard(service);
  const server = createServer((req, res) => guard(req, res, () => res.end('let in')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const callers = await Promise.all(Array.from({ length: CONNECTIONS }, () => caller(port)));
  try {
    // A token that could be one is asked for: were the count broken, this would show it.
    await callers[0]?.ask([generateToken(service.format, 'live')]);
    if (queries.count() !== 1) throw new Error(`an unknown token took ${queries.count()} queries`);
    const before = queries.count();
    const start = performance.now();
    const sent = await pour(callers, scaled(SECONDS) * RATE);
    const rate = (1000 * sent) / (performance.now() - start);
    const refused = callers.reduce((sum, { refused }) => sum + refused(), 0) - 1;
    if (refused !== sent) throw new Error(`of ${sent} requests ${refused} were answered 401`);
    if (rate < LEAST_RATE) throw new Error(`the flood came to ${Math.round(rate)} a second alone`);
    const value = queries.count() - before;
    return { value, note: `${sent} requests, ${Math.round(rate)} a second, all answered 401` };
  } finally {
    for (const { end } of callers) end();
    server.close();
    await service.close();
    await opened.close();
  }
}

interface Caller {
  /** Sends a request for each token, one behind the other, and waits for as many answers. */
  ask(tokens: readonly string[]): Promise<void>;
  /** Answers of 401 so far. */
  refused(): number;
  end(): void;
}

/** A connection of a client that does not wait for an answer before it asks again. */
async function caller(port: number): Promise<Caller> {
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let [asked, answered, refused] = [0, 0, 0];
  let rest = '';
  let resume = () => {};
  socket.setEncoding('latin1').on('data', (data: string) => {
    const text = rest + data;
    // A status line may be cut by the end of what has come.
    const whole = text.lastIndexOf('\n') + 1;
    rest = text.slice(whole);
    for (const [, status] of text.slice(0, whole).matchAll(/HTTP\/1\.1 (\d{3})/g)) {
      answered++;
      if (status === '401') refused++;
    }
    if (answered >= asked) resume();
  });
  return {
    async ask(tokens) {
      asked += tokens.length;
      const requests = tokens.map(
        (token) => `GET / HTTP/1.1\r\nHost: flood\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      );
      socket.write(requests.join(''), 'latin1');
      while (answered < asked) await new Promise<void>((resolve) => (resume = resolve));
    },
    refused: () => refused,
    end: () => socket.destroy(),
  };
}

/** Sends so many requests at the rate, whatever time the answers take. */
async function pour(callers: readonly Caller[], total: number): Promise<number> {
  const start = performance.now();
  const open: Promise<void>[] = [];
  let sent = 0;
  for (let turn = 0; sent < total; turn++) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * RATE));
    const batch = Array.from({ length: due - sent }, (_, i) => malformed(sent + i));
    sent = due;
    const turned = callers[turn % callers.length];
    if (batch.length > 0 && turned !== undefined) open.push(turned.ask(batch));
    await pause(TICK_MS);
  }
  await Promise.all(open);
  return sent;
}

const ENGINES: readonly EngineName[] = ['sqlite', 'postgres'];

export const figures: readonly Figure[] = ENGINES.map((name) => ({
  id: `flood.${name}`,
  title: `queries of the store in ${SECONDS} seconds of ${RATE} malformed tokens each`,
  unit: '',
  bar: exactly(0),
  measure: () => flood(name),
}));
