import type { ActivityEvent, KeyStore } from 'keywright';
import { EMPTY_HEAD, eraseEvent, headAfter } from 'keywright/store-kit';
import { describe, expect, it, vi } from 'vitest';
import { actor, makeKey, setUp } from '../support.ts';
import { withLog } from './log.ts';

const owner = 'org_1';

describe('verifyActivity of an intact log', () => {
  it('returns its head', async () => {
    const { keys, events, head } = await withLog(5);
    expect(head).toEqual(headAfter(events[4] as ActivityEvent));
    expect(await keys.verifyActivity({ owner })).toEqual({ ok: true, head, erased: 0 });
  });

  it('accepts an empty log', async () => {
    const { keys } = setUp();
    const report = { ok: true, head: EMPTY_HEAD, erased: 0 };
    expect(await keys.verifyActivity({ owner: 'org_3' })).toEqual(report);
    expect(await keys.verifyActivity({ owner: 'org_3', expectedHead: EMPTY_HEAD })).toEqual(report);
  });

  it('accepts an expectedHead of any age', async () => {
    const { keys, events } = await withLog(5);
    for (const event of events) {
      const expectedHead = headAfter(event);
      expect(await keys.verifyActivity({ owner, expectedHead })).toMatchObject({ ok: true });
    }
    expect(await keys.verifyActivity({ owner, expectedHead: EMPTY_HEAD })).toMatchObject({
      ok: true,
    });
  });

  it('reads a log of any length, a bounded number of events at a time', async () => {
    const { keys, reader, head } = await withLog(1001);
    expect(await keys.verifyActivity({ owner })).toEqual({ ok: true, head, erased: 0 });
    const limits = vi.mocked(reader.readChain).mock.calls.map(([, after, limit]) => [after, limit]);
    expect(limits).toEqual([
      [0, 500],
      [500, 500],
      [1000, 500],
      [1001, 500],
    ]);
  });

  it('succeeds while events are appended', async () => {
    const { store, keys: writer } = setUp();
    const { record } = await makeKey(writer);
    for (let made = 0; made < 520; made++) {
      await writer.update(record.id, { name: `Name ${made}` }, { actor });
    }
    let appended = 0;
    const append = async () => {
      if (appended++ < 5) await writer.update(record.id, { name: `Late ${appended}` }, { actor });
    };
    const busy: KeyStore = {
      ...store,
      readChain: async (...args) => {
        await append();
        const events = await store.readChain(...args);
        await append();
        return events;
      },
      head: async (...args) => {
        const head = await store.head(...args);
        await append();
        return head;
      },
    };
    const report = await setUp({ store: busy }).keys.verifyActivity({ owner });
    expect(report).toEqual({ ok: true, head: await store.head(owner), erased: 0 });
    expect(appended).toBeGreaterThan(5);
  });

  it('counts erased events', async () => {
    const erased = (events: ActivityEvent[]) =>
      events.map((event, index) => (index % 2 === 0 ? eraseEvent(event) : event));
    const { keys, head } = await withLog(5, erased);
    expect(await keys.verifyActivity({ owner })).toEqual({ ok: true, head, erased: 3 });
  });
});
