import { type ActivityEvent, type KeyStore, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-reader.ts';
import { BASE, type Mounted, mount, requestOf } from './support.ts';

const EXPORT = '/api/activity/export';

/** A handler whose owner has so many events, newest on a key named after its number. */
async function withEvents(count: number, store: KeyStore = memoryStore()) {
  const mounted = await mount({ quota: 100_000 }, { store });
  for (let i = 1; i <= count; i++) {
    await mounted.keys.create({
      name: `Key ${i}`,
      owner: 'org_1',
      environment: 'live',
      actor: { id: i % 2 ? 'user_odd' : 'user_even', name: 'Ada, "the first"' },
      reason: `reason ${i}`,
    });
    mounted.time.now += 1;
  }
  return mounted;
}

/** The store, with the calls of `listActivity` counted, the one with this number failing. */
function watched(store: KeyStore, failing = 0) {
  const seen = { pages: 0 };
  const listActivity: KeyStore['listActivity'] = (query) => {
    if (++seen.pages === failing) throw new Error('the store is gone');
    return store.listActivity(query);
  };
  return { store: { ...store, listActivity }, seen };
}

const openExport = ({ management }: Mounted, query = '') =>
  management(requestOf('GET', `${BASE}${EXPORT}${query}`));

describe('the export of activity', () => {
  it('exports the whole log as JSON, complete enough to verify the chain', async () => {
    const { call, store } = await withEvents(250);
    const { text, headers, status } = await call('GET', `${EXPORT}?format=json`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="activity.json"');
    expect(headers.get('cache-control')).toBe('no-store');
    const events = (JSON.parse(text) as ActivityEvent[]).reverse();
    expect(events).toEqual(await store.readChain('org_1', 0, 1000));
    expect(events).toHaveLength(250);
  });

  it('begins CSV with a byte-order mark, which Excel needs for UTF-8', async () => {
    const response = await openExport(await withEvents(1));
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  it('writes a line of CSV for each event, by RFC 4180', async () => {
    const { call, time } = await withEvents(201);
    const { text, headers } = await call('GET', EXPORT);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="activity.csv"');
    const [head, ...rows] = readCsv(text);
    expect(head).toEqual(
      'sequence,at,action,keyId,keyName,actorId,actor,reason,change,successorId,graceEndsAt,id'.split(
        ',',
      ),
    );
    expect(rows).toHaveLength(201);
    expect(rows[0]).toEqual([
      '201',
      new Date(time.now - 1).toISOString(),
      'key.created',
      expect.stringMatching(/^key_/),
      'Key 201',
      'user_odd',
      '{"id":"user_odd","name":"Ada, \\"the first\\""}',
      'reason 201',
      '',
      '',
      '',
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(rows.map(([sequence]) => Number(sequence))).toEqual(
      Array.from({ length: 201 }, (_, i) => 201 - i),
    );
  });

  it('writes down what changed, the successor and the end of its predecessor', async () => {
    const { call, keys, time } = await withEvents(1);
    const { items } = await keys.list({ owner: 'org_1' });
    const id = `${items[0]?.id}`;
    await keys.update(id, { name: 'New, name', expiresAt: null }, { actor: { id: 'user_1' } });
    const { record } = await keys.rotate(id, { actor: { id: 'user_1' }, graceMs: 60_000 });
    const [, rotated, updated] = readCsv((await call('GET', EXPORT)).text);
    expect(updated?.[8]).toBe('{"name":"New, name","expiresAt":null}');
    expect(rotated?.slice(9, 11)).toEqual([record.id, new Date(time.now + 60_000).toISOString()]);
  });

  it('filters as the list does', async () => {
    const { call, keys } = await withEvents(10);
    const count = async (query: string) =>
      readCsv((await call('GET', `${EXPORT}?${query}`)).text).length - 1;
    const { items } = await keys.list({ owner: 'org_1' });
    expect(await count('actorId=user_odd')).toBe(5);
    expect(await count(`keyId=${items[0]?.id}`)).toBe(1);
    expect(await count('action=key.revoked')).toBe(0);
    expect(await count(`from=${items[2]?.createdAt}`)).toBe(3);
    expect(await count(`to=${items[2]?.createdAt}`)).toBe(7);
  });

  it('exports an empty log as an empty file of its kind', async () => {
    const { call } = await withEvents(0);
    expect(readCsv((await call('GET', EXPORT)).text)).toHaveLength(1);
    expect(JSON.parse((await call('GET', `${EXPORT}?format=json`)).text)).toEqual([]);
  });

  it('shows nothing of another owner', async () => {
    const { call } = await withEvents(3);
    const { text } = await call('GET', `${EXPORT}?format=json`, { as: 'mallory' });
    expect(JSON.parse(text)).toEqual([]);
  });

  it.each(['csv', 'json'])(
    'is read a page at a time, and only as far as the reader goes: %s',
    async (format) => {
      const { store, seen } = watched(memoryStore());
      const mounted = await withEvents(1000, store);
      const { body } = await openExport(mounted, `?format=${format}`);
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      expect(seen.pages).toBe(1); // so that a failure still is an answer of its own
      await reader.read();
      await reader.read();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(seen.pages).toBe(3);
      await reader.cancel();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(seen.pages).toBe(3);
    },
  );

  it('holds a page and no more in memory, whatever the length of the log', async () => {
    const { store } = watched(endless());
    const mounted = await mount({}, { store });
    const { body } = await openExport(mounted);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    let bytes = 0;
    let largest = 0;
    for (let pages = 0; pages < 2000; pages++) {
      const { value } = await reader.read();
      bytes += value?.length ?? 0;
      largest = Math.max(largest, value?.length ?? 0);
    }
    await reader.cancel();
    expect(bytes).toBeGreaterThan(20_000_000);
    expect(largest).toBeLessThan(100_000);
  });

  it('answers 503 if the store fails at once, and breaks off if it fails later', async () => {
    const atOnce = await withEvents(300, watched(memoryStore(), 1).store);
    expect(await openExport(atOnce)).toMatchObject({ status: 503 });
    const later = await withEvents(300, watched(memoryStore(), 3).store);
    const response = await openExport(later, '?format=json');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('the store is gone');
    expect(later.errors).toMatchObject([{ message: 'the store is gone' }]);
  });
});

/** A store with a log that never ends. */
function endless(): KeyStore {
  const event = (sequence: number): ActivityEvent => ({
    id: 'f'.repeat(64),
    sequence,
    at: 1_750_000_000_000,
    action: 'key.updated',
    owner: 'org_1',
    actor: { id: 'user_1' },
  });
  let sequence = 1_000_000;
  return {
    ...memoryStore(),
    async listActivity({ limit }) {
      const items = Array.from({ length: limit }, () => event(sequence--));
      return { items, cursor: String(sequence + 1) };
    },
  };
}
