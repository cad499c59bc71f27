import { hash } from 'node:crypto';
import fc from 'fast-check';
import type { ActivityEvent, ChainHead } from 'keywright';
import { EMPTY_HEAD, eraseEvent, headAfter } from 'keywright/store-kit';
import { describe, expect, it } from 'vitest';
import {
  ERASED_ACTOR,
  followsHead,
  sealEvent,
  type UnsealedEvent,
} from '../../src/digest/chain.ts';

const head: ChainHead = { sequence: 6, digest: 'a'.repeat(64) };
const full: UnsealedEvent = {
  at: 1_750_000_000_000,
  action: 'key.rotated',
  owner: 'org_1',
  keyId: 'key_a',
  keyName: 'Zapier production',
  actor: { id: 'user_1', role: 'admin' },
  reason: 'leaked',
  change: {
    name: 'Zapier',
    scopes: ['read'],
    metadata: { plan: 'pro' },
    enabled: true,
    expiresAt: 9,
  },
  successorId: 'key_b',
  graceEndsAt: 1_750_000_060_000,
};
const sparse: UnsealedEvent = {
  at: 1,
  action: 'activity.erased',
  owner: 'org_1',
  actor: { id: 'user_1' },
};

/** The id by the documented form, with nothing of the library. */
function documentedId(previous: ChainHead, event: ActivityEvent): string {
  const sorted = (value: unknown): unknown =>
    value === null || typeof value !== 'object' || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, member]) => [name, sorted(member)]),
        );
  const { salt, actor, change, keyName, reason } = event;
  const payload = JSON.stringify([salt, sorted({ actor, change, keyName, reason })]);
  const { owner, sequence, at, action, keyId, successorId, graceEndsAt } = event;
  const facts = [owner, sequence, previous.digest, at, action, keyId, successorId, graceEndsAt];
  return hash(
    'sha256',
    JSON.stringify(['keywright.activity.1', ...facts, hash('sha256', payload)]),
  );
}

describe('sealEvent', () => {
  it.each([full, sparse])('sets sequence and id of an event of $action', (event) => {
    const sealed = sealEvent(head, event);
    expect(sealed).toEqual({ ...event, sequence: 7, id: sealed.id, salt: sealed.salt });
    expect(sealed.id).toBe(documentedId(head, sealed));
    expect(sealed.salt).toMatch(/^[0-9A-Za-z]{22}$/);
    expect(headAfter(sealed)).toEqual({ sequence: 7, digest: sealed.id });
  });

  it('agrees with the documented form for any event', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    const events = fc.record(
      {
        at: fc.nat(),
        action: fc.constantFrom('key.created' as const, 'key.updated' as const),
        owner: text,
        actor: fc.record({ id: text, Ω: text }),
        keyId: text,
        keyName: text,
        reason: text,
        change: fc.record({ name: text, expiresAt: fc.option(fc.nat()) }),
        successorId: text,
        graceEndsAt: fc.nat(),
      },
      { requiredKeys: ['at', 'action', 'owner', 'actor'] },
    );
    fc.assert(
      fc.property(events, fc.nat(), (event, sequence) => {
        const previous = { sequence, digest: hash('sha256', String(sequence)) };
        const sealed = sealEvent(previous, event);
        expect(sealed.id).toBe(documentedId(previous, sealed));
        expect(followsHead(previous, sealed)).toBe(true);
        expect(followsHead(previous, eraseEvent(sealed))).toBe(true);
      }),
    );
  });

  it('salts each event, so that equal ones differ', () => {
    const sealed = Array.from({ length: 100 }, () => sealEvent(head, full));
    expect(new Set(sealed.map(({ salt }) => salt)).size).toBe(100);
    expect(new Set(sealed.map(({ id }) => id)).size).toBe(100);
  });
});

describe('followsHead', () => {
  const sealed = sealEvent(head, full);
  const change = full.change;
  const alterations: [string, Partial<Record<keyof ActivityEvent, unknown>>][] = [
    ['id', { id: sealed.id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }],
    ['sequence', { sequence: 8 }],
    ['at', { at: full.at + 1 }],
    ['action', { action: 'key.revoked' }],
    ['owner', { owner: 'org_2' }],
    ['keyId', { keyId: 'key_b' }],
    ['keyId, taken away', { keyId: undefined }],
    ['keyName', { keyName: 'Zapier productioN' }],
    ['keyName, taken away', { keyName: undefined }],
    ['actor', { actor: { id: 'user_2', role: 'admin' } }],
    ['a detail of the actor', { actor: { id: 'user_1', role: 'owner' } }],
    ['a detail of the actor, taken away', { actor: { id: 'user_1' } }],
    ['reason', { reason: 'leakeD' }],
    ['reason, taken away', { reason: undefined }],
    ['change, taken away', { change: undefined }],
    ['the name of a change', { change: { ...change, name: 'Zapier ' } }],
    ['the scopes of a change', { change: { ...change, scopes: ['read', 'write'] } }],
    ['the metadata of a change', { change: { ...change, metadata: {} } }],
    ['the expiry of a change', { change: { ...change, expiresAt: null } }],
    ['a change of `enabled`', { change: { ...change, enabled: false } }],
    ['successorId', { successorId: 'key_c' }],
    ['successorId, taken away', { successorId: undefined }],
    ['graceEndsAt', { graceEndsAt: 1 }],
    ['graceEndsAt, taken away', { graceEndsAt: undefined }],
    ['salt', { salt: 'A'.repeat(22) }],
    ['salt, taken away', { salt: undefined }],
    ['erased', { erased: { payloadDigest: '0'.repeat(64) } }],
    ['keyId and successorId, swapped', { keyId: 'key_b', successorId: 'key_a' }],
  ];

  it.each(alterations)('detects an altered event: %s', (_, alteration) => {
    const altered = JSON.parse(JSON.stringify({ ...sealed, ...alteration }));
    expect(followsHead(head, sealed)).toBe(true);
    expect(followsHead(head, altered)).toBe(false);
  });

  it('detects a member that was added', () => {
    const bare = sealEvent(head, sparse);
    for (const name of ['keyId', 'keyName', 'reason', 'successorId', 'graceEndsAt', 'change']) {
      const added = { ...bare, [name]: full[name as keyof UnsealedEvent] };
      expect(followsHead(head, added), name).toBe(false);
    }
  });

  it('detects an altered event before it', () => {
    expect(followsHead({ sequence: 6, digest: 'b'.repeat(64) }, sealed)).toBe(false);
    expect(followsHead({ sequence: 5, digest: head.digest }, sealed)).toBe(false);
    expect(followsHead(EMPTY_HEAD, sealed)).toBe(false);
  });

  it('ignores the order of members', () => {
    const reversed = Object.fromEntries(Object.entries(sealed).reverse());
    expect(followsHead(head, reversed as unknown as ActivityEvent)).toBe(true);
  });
});

describe('eraseEvent', () => {
  const sealed = sealEvent(head, full);
  const erased = eraseEvent(sealed);

  it('keeps the facts and a digest of the rest', () => {
    const { salt, keyName, reason, change, ...facts } = sealed;
    expect(erased).toEqual({
      ...facts,
      actor: ERASED_ACTOR,
      erased: { payloadDigest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(followsHead(head, erased)).toBe(true);
  });

  it('returns an erased event unchanged', () => {
    expect(eraseEvent(erased)).toEqual(erased);
    expect(followsHead(head, eraseEvent(erased))).toBe(true);
  });

  it('leaves its argument unchanged', () => {
    const before = structuredClone(sealed);
    eraseEvent(sealed);
    expect(sealed).toEqual(before);
  });

  it.each<[string, Partial<ActivityEvent>]>([
    ['at', { at: 1 }],
    ['owner', { owner: 'org_2' }],
    ['keyId', { keyId: 'key_c' }],
    ['the digest of the payload', { erased: { payloadDigest: 'f'.repeat(64) } }],
  ])('leaves an event in which an alteration of %s shows', (_, alteration) => {
    expect(followsHead(head, { ...erased, ...alteration })).toBe(false);
  });

  it.each<[string, Partial<ActivityEvent>]>([
    ['an actor', { actor: { id: 'user_2' } }],
    ['details of the erased actor', { actor: { id: '[erased]', role: 'admin' } }],
    ['a detail with the name of a member', { actor: { id: '[erased]', reason: 'forged' } }],
    ['a key name', { keyName: 'Zapier staging' }],
    ['a reason', { reason: 'by mistake' }],
    ['a change', { change: { enabled: false } }],
    ['a salt', { salt: 'A'.repeat(22) }],
  ])('leaves an event that is altered if it has %s again', (_, payload) => {
    // Nothing vouches for it any more: it would be believed with a digest that says nothing of it.
    expect(followsHead(head, { ...erased, ...payload })).toBe(false);
  });
});

describe('followsHead over a thousand events', () => {
  const events: ActivityEvent[] = [];
  let last = EMPTY_HEAD;
  for (let count = 0; count < 1000; count++) {
    events.push(sealEvent(last, { ...full, at: count }));
    last = headAfter(events[count] as ActivityEvent);
  }

  const broken = (chain: ActivityEvent[]): number => {
    let before = EMPTY_HEAD;
    for (const [place, event] of chain.entries()) {
      if (!followsHead(before, event)) return place;
      before = headAfter(event);
    }
    return -1;
  };

  it('accepts each event after the one before', () => {
    expect(broken(events)).toBe(-1);
    expect(last).toEqual({ sequence: 1000, digest: events[999]?.id });
  });

  it('detects a missing event and two that changed places', () => {
    expect(broken(events.toSpliced(500, 1))).toBe(500);
    expect(broken(events.toSpliced(0, 1))).toBe(0);
    const [first, second] = events.slice(700, 702) as [ActivityEvent, ActivityEvent];
    expect(broken(events.toSpliced(700, 2, second, first))).toBe(700);
    const renumbered = [
      { ...second, sequence: 701 },
      { ...first, sequence: 702 },
    ];
    expect(broken(events.toSpliced(700, 2, ...renumbered))).toBe(700);
  });
});
