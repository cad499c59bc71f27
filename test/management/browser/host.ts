import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ApiKeys,
  type Clock,
  createApiKeys,
  type KeyStore,
  memoryStore,
  tokenFormat,
} from 'keywright';
import {
  ALL_ACTIONS,
  type Authorization,
  createManagement,
  type ManagementOptions,
  toNodeHandler,
} from 'keywright/management';
import { apiKeyGuard } from 'keywright/node';

export const BASE_PATH = '/app/api-keys';
export const OWNER = 'org_acme';
export const ADA = { id: 'user_ada', name: 'Ada Lovelace' };

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

export interface HostOptions {
  readonly store?: KeyStore;
  readonly clock?: Clock;
  readonly management?: Partial<ManagementOptions>;
  /** What the session is; `undefined` for none. It may change while the host runs. */
  readonly session?: () => Partial<Authorization> | undefined;
  /** Other pages of the host. */
  readonly pages?: Readonly<Record<string, Handler>>;
}

/** A service with an API, and with the dashboard for who is signed in to it. */
export interface Host {
  readonly keys: ApiKeys<'live' | 'test'>;
  /** Its origin. */
  readonly base: string;
  /** Where the dashboard is. */
  readonly dashboard: string;
  /** The status of a call of the API with the token. */
  call(token: string): Promise<number>;
  close(): Promise<void>;
}

export async function startHost(options: HostOptions = {}): Promise<Host> {
  const { store = memoryStore(), session = () => ({}), pages = {} } = options;
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const keys = createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
    store,
    environments: ['live', 'test'],
    usageFlushMs: 50,
    ...clock,
  });
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = toNodeHandler(
    createManagement({
      keys,
      basePath: BASE_PATH,
      brand: { name: 'ProoN', apiUrl: `${base}/api/v1/me` },
      authorize: () => {
        const given = session();
        return (
          given && {
            ...{ actor: ADA, owner: OWNER, ownerName: 'Acme Inc.', actions: ALL_ACTIONS },
            ...given,
          }
        );
      },
      ...clock,
      ...options.management,
    }),
  );
  const guard = apiKeyGuard(keys);
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const { pathname } = new URL(req.url ?? '/', base);
    const page = pages[pathname];
    if (page !== undefined) page(req, res);
    else if (pathname.startsWith('/api/')) guard(req, res, () => res.end('{}'));
    else settings(req, res);
  });
  return {
    keys,
    base,
    dashboard: `${base}${BASE_PATH}/`,
    async call(token) {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${base}/api/v1/me`, { headers })).status;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await keys.close();
    },
  };
}
