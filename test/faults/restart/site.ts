import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { hasCode } from 'keywright';
import { apiKeyGuard } from 'keywright/node';
import { isKeywrightError } from '../../../src/errors.ts';
import { actor, type Service } from '../operations.ts';

/** What a change made. */
interface Made {
  readonly id: string;
  /** Of a creation or rotation. */
  readonly token?: string;
}

/** A service over HTTP, all of it behind the guard, and how to call it. */
export interface Site {
  /** The status of a request with the token. Rejects if there is no answer. */
  verify(token: string): Promise<number>;
  /** What the change made, once the service has acknowledged it; else its status. */
  change(token: string, action: string, id?: string): Promise<Made | number>;
  close(): void;
}

const OWNER = 'org_1';
const ANSWER_MS = 10_000;

export async function openSite(keys: Service): Promise<Site> {
  const guard = apiKeyGuard(keys);
  const server = createServer((req, res) =>
    guard(req, res, () => {
      if (req.method === 'GET') return void res.end('{}');
      change(keys, req.url ?? '/').then(
        (made) => res.end(JSON.stringify(made)),
        (error: unknown) => res.writeHead(statusOf(error)).end(),
      );
    }),
  );
  server.keepAliveTimeout = 0; // a client could else send on a connection that is just being closed
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });

  async function call(method: string, path: string, token: string): Promise<IncomingMessage> {
    const headers = { authorization: `Bearer ${token}` };
    const timeout = AbortSignal.timeout(ANSWER_MS);
    const options = { port, host: '127.0.0.1', method, path, headers, agent, signal: timeout };
    const sent = request(options).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer;
  }
  return {
    async verify(token) {
      const answer = await call('GET', '/', token);
      await text(answer);
      return answer.statusCode ?? 0;
    },
    async change(token, action, id = '') {
      const answer = await call('POST', `/${action}/${id}`, token);
      if (answer.statusCode === 200) return (await json(answer)) as Made;
      await text(answer);
      return answer.statusCode ?? 0;
    },
    close() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** 409 where a successor lives, 503 where the store failed; all else is the fault of the service. */
function statusOf(error: unknown): number {
  if (hasCode(error, 'key_replaced')) return 409;
  return isKeywrightError(error) && !hasCode(error, 'store_unavailable') ? 500 : 503;
}

async function change(keys: Service, path: string): Promise<Made> {
  const [, action, id = ''] = path.split('/');
  if (action === 'revoke') return { id: (await keys.revoke(id, { actor })).id };
  const { secret, record } = await (action === 'rotate'
    ? keys.rotate(id, { actor })
    : keys.create({ name: 'key', owner: OWNER, environment: 'live', actor }));
  return { id: record.id, token: secret.reveal() };
}
