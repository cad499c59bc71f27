import { Cluster, Redis } from 'ioredis';
import { hasCode } from 'keywright';
import { redisStore } from 'keywright/redis';
import { createClient, createClientPool, createCluster, createSentinel, RESP_TYPES } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisProgram, startRedis, startSentinel } from '../../servers/redis.ts';
import { exerciseStore } from '../exercise-store.ts';
import { openNodeRedis } from './clients.ts';

const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];

/** Goes through what needs commands of every kind, on a client that it then ends. */
async function exercise(client: Parameters<typeof redisStore>[0], end: () => unknown) {
  try {
    await exerciseStore(redisStore(client));
  } finally {
    await end();
  }
}

describe.skipIf(redisProgram() === undefined)('redisStore works over', () => {
  let single: Awaited<ReturnType<typeof startRedis>>;
  let cluster: Awaited<ReturnType<typeof startRedis>>;
  let sentinel: Awaited<ReturnType<typeof startSentinel>>;
  let url = '';

  beforeAll(async () => {
    single = await startRedis();
    url = single?.url ?? '';
    cluster = await startRedis({ settings: CLUSTER });
    sentinel = await startSentinel(single?.port ?? 0);
    const { client, close } = await openNodeRedis(cluster?.url ?? '');
    await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    const isUp = async () => /state:ok/.test(await client.sendCommand(['CLUSTER', 'INFO']));
    while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 20));
    close();
  });
  afterAll(async () => {
    for (const server of [sentinel, cluster, single]) await server?.stop('SIGKILL');
  });

  it('a client of node-redis with RESP 2', async () => {
    const client = await createClient({ url, RESP: 2 }).connect();
    await exercise(client, () => client.destroy());
  });

  it.each([2, 3] as const)(
    'a client of node-redis that maps replies, with RESP %i',
    async (RESP) => {
      const client = createClient({ url, RESP });
      await client.connect();
      const mapped = client.withTypeMapping({
        [RESP_TYPES.BLOB_STRING]: Buffer,
        [RESP_TYPES.SIMPLE_STRING]: Buffer,
        [RESP_TYPES.NUMBER]: String,
      });
      expect(await mapped.hmGet('{keywright}:records', ['none'])).toEqual([null]);
      expect(await mapped.echo('text')).toEqual(Buffer.from('text'));
      await exercise(mapped, () => client.destroy());
    },
  );

  it('a pool of node-redis whose clients map replies', async () => {
    const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
    const client = createClientPool({ url, commandOptions: { typeMapping } });
    await client.connect();
    await exercise(client, () => client.destroy());
  });

  it('a client of node-redis with a prefix of its own', async () => {
    const client = await createClient({ url, keyPrefix: 'node:' }).connect();
    await exercise(client, () => client.destroy());
    await expectAllNamed(/^node:\{keywright\}:/, 'node:*');
  });

  it('a client of ioredis with a prefix of its own, not yet connected', async () => {
    const client = new Redis(url, { keyPrefix: 'io:', lazyConnect: true });
    await exercise(client, () => client.disconnect());
    await expectAllNamed(/^io:\{keywright\}:/, 'io:*');
  });

  it('a client of ioredis with pipelines of its own', async () => {
    const client = new Redis(url, { enableAutoPipelining: true });
    await exercise(client, () => client.disconnect());
  });

  it('a client of ioredis that gives numbers as strings', async () => {
    const client = new Redis(url, { stringNumbers: true });
    await exercise(client, () => client.disconnect());
  });

  it('a pool of node-redis', async () => {
    const client = createClientPool({ url });
    await client.connect();
    await exercise(client, () => client.destroy());
  });

  it('a cluster of node-redis', async () => {
    const client = createCluster({ rootNodes: [{ url: cluster?.url ?? '' }] });
    await client.connect();
    await exercise(client, () => client.destroy());
  });

  it('a cluster of ioredis', async () => {
    const client = new Cluster([cluster?.url ?? '']);
    await exercise(client, () => client.disconnect());
  });

  it('the sentinels of node-redis', async () => {
    const client = createSentinel({
      name: 'primary',
      sentinelRootNodes: [{ host: '127.0.0.1', port: sentinel?.port ?? 0 }],
    });
    await client.connect();
    await exercise(client, () => client.destroy());
  });

  it('the sentinels of ioredis', async () => {
    const sentinels = [{ host: '127.0.0.1', port: sentinel?.port ?? 0 }];
    const client = new Redis({ sentinels, name: 'primary' });
    await exercise(client, () => client.disconnect());
  });

  async function expectAllNamed(name: RegExp, pattern: string) {
    const { client, close } = await openNodeRedis(url);
    const names = await client.keys(pattern);
    expect(names.length).toBeGreaterThan(5);
    for (const each of names) expect(each).toMatch(name);
    close();
  }
});

describe('redisStore refuses', () => {
  const client = { hmGet: async () => [], eval: async () => [], evalSha: async () => [] };

  it.each([
    ['no client', undefined],
    ['null', null],
    ['what is no client', {}],
    ['a URL', 'redis://localhost'],
  ])('%s', (_what, wrong) => {
    expect(() => redisStore(wrong as never)).toThrow(
      expect.objectContaining({ argument: 'client' }),
    );
  });

  it.each([[''], ['{tag}'], ['a}'], ['a\0b'], ['\ud800'], ['x'.repeat(101)], [7], [null]])(
    'the prefix %j',
    (prefix) => {
      const make = () => redisStore(client, { prefix: prefix as string });
      expect(make).toThrow(
        expect.objectContaining({ code: 'invalid_argument', argument: 'prefix' }),
      );
    },
  );

  it('clients of ioredis that read from replicas', () => {
    const replica = new Redis({
      lazyConnect: true,
      role: 'slave',
      name: 'primary',
      sentinels: [{ host: '127.0.0.1', port: 1 }],
    });
    expect(() => redisStore(replica)).toThrow(/role/);
    for (const scaleReads of ['slave', 'all'] as const) {
      const cluster = new Cluster(['redis://127.0.0.1:1'], { lazyConnect: true, scaleReads });
      expect(() => redisStore(cluster)).toThrow(/scaleReads/);
    }
  });

  it('options that it does not know', () => {
    expect(() => redisStore(client, { keyPrefix: 'x' } as object)).toThrow(/keyPrefix/);
  });

  it('a reply that it cannot read', async () => {
    const error = await Promise.resolve(
      redisStore({ ...client, hmGet: async () => ['no JSON'] }).findByDigest('d'),
    ).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(hasCode(error, 'digest_taken')).toBe(false);
  });
});
