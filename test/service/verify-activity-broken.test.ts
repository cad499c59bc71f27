import { type ActivityEvent, type KeyStore, memoryStore } from 'keywright';
import { eraseEvent } from 'keywright/store-kit';
import { describe, expect, it } from 'vitest';
import { asOwnerKeys, makeKey, setUp } from '../support.ts';
import { withLog } from './log.ts';

const owner = 'org_1';

describe('verifyActivity with a missing event', () => {
  it.each([
    ['at the start', 0, 1],
    ['in the middle', 2, 3],
    ['before the last', 3, 4],
    ['at the end', 4, 5],
  ])('shows %s', async (_, index, sequence) => {
    const { keys } = await withLog(5, (events) => events.toSpliced(index, 1));
    expect(await keys.verifyActivity({ owner })).toEqual({
      ok: false,
      reason: 'missing',
      sequence,
    });
  });

  it('finds it among many, across reads', async () => {
    for (const index of [499, 500, 501]) {
      const { keys } = await withLog(505, (events) => events.toSpliced(index, 1));
      expect(await keys.verifyActivity({ owner })).toMatchObject({
        reason: 'missing',
        sequence: index + 1,
      });
    }
  });

  it('notices that all events are gone', async () => {
    const { keys } = await withLog(5, () => []);
    expect(await keys.verifyActivity({ owner })).toMatchObject({ reason: 'missing', sequence: 1 });
  });

  it('notices by expectedHead that the head was cut back as well', async () => {
    const { keys, events, head } = await withLog(
      5,
      (all) => all.slice(0, 3),
      ({ sequence }) => ({ sequence: sequence - 2, digest: events[2]?.id ?? '' }),
    );
    expect(await keys.verifyActivity({ owner })).toMatchObject({ ok: true, head: { sequence: 3 } });
    expect(await keys.verifyActivity({ owner, expectedHead: head })).toEqual({
      ok: false,
      reason: 'missing',
      sequence: 4,
    });
  });
});

describe('verifyActivity with an altered event', () => {
  const alterations: [string, (event: ActivityEvent) => ActivityEvent][] = [
    ['its actor', (event) => ({ ...event, actor: { id: 'user_2' } })],
    ['its time', (event) => ({ ...event, at: event.at + 1 })],
    ['its action', (event) => ({ ...event, action: 'key.revoked' })],
    ['its key', (event) => ({ ...event, keyId: 'key_other' })],
    ['its reason', (event) => ({ ...event, reason: 'other' })],
    ['its change', (event) => ({ ...event, change: { name: 'other' } })],
    ['its owner', (event) => ({ ...event, owner: 'org_2' })],
    ['its id', (event) => ({ ...event, id: 'f'.repeat(64) })],
    ['its salt', (event) => ({ ...event, salt: 'A'.repeat(22) })],
    ['its payload, as if erased', (event) => ({ ...event, erased: { payloadDigest: event.id } })],
    ['what was erased', (event) => ({ ...eraseEvent(event), actor: { id: 'user_2' } })],
  ];

  it.each(alterations)('finds it: %s', async (_, alter) => {
    for (const index of [0, 2, 4]) {
      const { keys, events } = await withLog(5, (all) =>
        all.map((event, place) => (place === index ? alter(event) : event)),
      );
      expect(await keys.verifyActivity({ owner })).toEqual({
        ok: false,
        reason: 'altered',
        sequence: index + 1,
        event: events[index],
      });
    }
  });

  it('finds two that changed places', async () => {
    const swapped = ([a, b, c, d, e]: ActivityEvent[]) =>
      [a, { ...c, sequence: 2 }, { ...b, sequence: 3 }, d, e] as ActivityEvent[];
    const { keys } = await withLog(5, swapped);
    expect(await keys.verifyActivity({ owner })).toMatchObject({ reason: 'altered', sequence: 2 });
  });

  it('finds the log of another owner', async () => {
    const store = memoryStore();
    const { keys: writer } = setUp({ store });
    await makeKey(writer, { owner: 'org_2' });
    const mixed: KeyStore = {
      ...store,
      readChain: (_, ...rest) => store.readChain('org_2', ...rest),
      head: () => store.head('org_2'),
    };
    const { keys } = setUp({ store: mixed });
    expect(await keys.verifyActivity({ owner })).toMatchObject({ reason: 'altered', sequence: 1 });
  });
});

describe('verifyActivity with a wrong head', () => {
  const forged = { sequence: 3, digest: 'f'.repeat(64) };

  it('notices a wrong head in the store', async () => {
    const beside = await withLog(3, undefined, ({ sequence }) => ({ ...forged, sequence }));
    expect(await beside.keys.verifyActivity({ owner })).toEqual({
      ok: false,
      reason: 'altered',
      sequence: 3,
    });
    const behind = await withLog(3, undefined, () => ({ ...forged, sequence: 2 }));
    expect(await behind.keys.verifyActivity({ owner })).toMatchObject({ reason: 'altered' });
    const ahead = await withLog(3, undefined, () => ({ ...forged, sequence: 4 }));
    expect(await ahead.keys.verifyActivity({ owner })).toMatchObject({
      reason: 'missing',
      sequence: 4,
    });
  });

  it.each([1, 2, 3, 4, 5])('notices a forged expectedHead at %i', async (sequence) => {
    const { keys, events } = await withLog(5);
    const expectedHead = { ...forged, sequence };
    expect(await keys.verifyActivity({ owner, expectedHead })).toEqual({
      ok: false,
      reason: 'altered',
      sequence,
      event: events[sequence - 1],
    });
  });

  it('notices an expectedHead newer than the log', async () => {
    const { keys } = await withLog(5);
    expect(await keys.verifyActivity({ owner, expectedHead: { ...forged, sequence: 6 } })).toEqual({
      ok: false,
      reason: 'missing',
      sequence: 6,
    });
  });

  it('notices a wrong expectedHead of an empty log', async () => {
    const { keys } = setUp();
    const outcome = keys.verifyActivity({ owner, expectedHead: { ...forged, sequence: 0 } });
    const report = await outcome.catch((error: unknown) => error);
    expect(report).not.toMatchObject({ ok: true });
  });

  it('notices a log that was rewritten', async () => {
    const { head } = await withLog(5);
    const { keys: other } = await withLog(5);
    expect(await other.verifyActivity({ owner })).toMatchObject({ ok: true });
    for (const view of [asOwnerKeys(other, owner), other.forOwner(owner)]) {
      expect(await view.verifyActivity({ expectedHead: head })).toMatchObject({
        reason: 'altered',
        sequence: 5,
      });
    }
  });
});
