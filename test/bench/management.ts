import type { OwnerKeys } from 'keywright';
import { ALL_ACTIONS, createManagement } from 'keywright/management';
import { atMost, type Figure, type Measurement } from './figure.ts';
import { emptyService } from './keys.ts';
import { medianOf } from './measure.ts';

const ORIGIN = 'https://app.example.com';
const actor = { id: 'user_1' };

/** Living keys of an owner: what a page of the list shows, and the quota counts. */
const KEYS = 20;
/** Those that the largest page of the list shows. */
const PAGE = 100;
const BATCH = 40;
const PAIRS = 80;
const WARM_UP = 20;

/** One call, as the service takes it and as the handler does. */
interface Case {
  readonly title: string;
  /** Living keys of the owner; 20 by default. */
  readonly living?: number;
  readonly method: 'GET' | 'PATCH' | 'POST';
  path(id: string): string;
  readonly json?: object;
  service(keys: OwnerKeys, id: string): Promise<unknown>;
}

const CASES: Readonly<Record<string, Case>> = {
  list: {
    title: `a list of ${KEYS} keys`,
    method: 'GET',
    path: () => '/api/keys',
    service: (keys) => keys.list(),
  },
  page: {
    title: `a list of ${PAGE} keys`,
    living: PAGE,
    method: 'GET',
    path: () => `/api/keys?limit=${PAGE}`,
    service: (keys) => keys.list({ limit: PAGE }),
  },
  get: {
    title: 'the reading of a key',
    method: 'GET',
    path: (id) => `/api/keys/${id}`,
    service: (keys, id) => keys.get(id),
  },
  activity: {
    title: `a list of ${KEYS} events`,
    method: 'GET',
    path: () => '/api/activity',
    service: (keys) => keys.activity(),
  },
  create: {
    title: `a creation beside ${KEYS} keys`,
    method: 'POST',
    path: () => '/api/keys',
    json: { name: 'another', environment: 'live' },
    service: (keys) => keys.create({ name: 'another', environment: 'live', actor }),
  },
  update: {
    title: 'a change of name',
    method: 'PATCH',
    path: (id) => `/api/keys/${id}`,
    json: { name: 'renamed' },
    service: (keys, id) => keys.update(id, { name: 'renamed' }, { actor }),
  },
  rotate: {
    title: `a rotation beside ${KEYS} keys`,
    method: 'POST',
    path: (id) => `/api/keys/${id}/rotate`,
    json: {},
    service: (keys, id) => keys.rotate(id, { actor }),
  },
  revoke: {
    title: 'a revocation',
    method: 'POST',
    path: (id) => `/api/keys/${id}/revoke`,
    json: {},
    service: (keys, id) => keys.revoke(id, { actor }),
  },
};

/**
 * Microseconds that the handler adds to the service call that it wraps, from a request to the
 * response. Each change has an owner of its own, made beforehand, so that all find the same number of
 * keys; reads share one. A batch counts by its middle call, which nothing else on the machine has interrupted; the
 * figure is the median over pairs of batches.
 */
async function measureAdded({
  living = KEYS,
  method,
  path,
  json,
  service,
}: Case): Promise<Measurement> {
  const keys = emptyService();
  const management = createManagement({
    keys,
    authorize: ({ headers }) => {
      const owner = headers.get('cookie');
      return owner === null ? undefined : { actor, owner, actions: ALL_ACTIONS };
    },
  });
  let owners = 0;
  const furnish = async () => {
    const owner = `org_${owners++}`;
    const own = keys.forOwner(owner);
    let id = '';
    for (let i = 0; i < living; i++) {
      id = (await own.create({ name: `key ${i}`, environment: 'live', actor })).record.id;
    }
    return { owner, own, id };
  };
  const shared = method === 'GET' ? await furnish() : undefined;
  const prepare = async () => {
    const { owner, own, id } = shared ?? (await furnish());
    const request = new Request(ORIGIN + path(id), {
      method,
      headers: { cookie: owner, origin: ORIGIN, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return { own, id, request };
  };
  const handled = async (request: Request) => {
    if (!(await management(request)).ok) throw new Error('the handler refused');
  };
  const timed = async (
    call: (prepared: Awaited<ReturnType<typeof prepare>>) => Promise<unknown>,
  ) => {
    const batch: Awaited<ReturnType<typeof prepare>>[] = [];
    for (let i = 0; i < BATCH; i++) batch.push(await prepare());
    const times: number[] = [];
    for (const prepared of batch) {
      const start = performance.now();
      await call(prepared);
      times.push((performance.now() - start) * 1000);
    }
    return medianOf(times).value;
  };
  const subject = () => timed(({ request }) => handled(request));
  const baseline = () => timed(({ own, id }) => service(own, id));

  const added: number[] = [];
  for (let i = -WARM_UP; i < PAIRS; i++) {
    const first = await (i % 2 === 0 ? baseline() : subject());
    const second = await (i % 2 === 0 ? subject() : baseline());
    if (i >= 0) added.push(i % 2 === 0 ? second - first : first - second);
  }
  return medianOf(added);
}

export const figures: readonly Figure[] = Object.entries(CASES).map(([id, measured]) => ({
  id: `management.${id}`,
  title: `what the handler adds to ${measured.title}`,
  unit: ' µs',
  // A tenth of the call, or this if that is more: over memory it always is.
  bar: atMost(50),
  measure: () => measureAdded(measured),
}));
