import { hash } from 'node:crypto';
import type { ActivityEvent } from 'keywright';
import { EMPTY_HEAD, headAfter } from 'keywright/store-kit';
import { describe, expect, it } from 'vitest';
import { followsHead } from '../../src/digest/chain.ts';

/*
 * The canonical form of version 1, written out as text and hashed without the library. It never
 * changes: whoever changes the form so that one of these fails has made every chain that was ever
 * written unverifiable.
 */
interface Vector {
  readonly event: ActivityEvent;
  readonly payload: string;
  readonly payloadDigest: string;
  /** The list that the id is the digest of. */
  readonly link: string;
}

const created: Vector = {
  event: {
    id: '6fbf30ec615ee9606748f4f1f774a0ca1bf8b9494ff9539416ed2c7e5847e823',
    sequence: 1,
    at: 1_750_000_000_000,
    action: 'key.created',
    owner: 'org_1',
    keyId: 'key_a',
    keyName: 'Zapier production',
    actor: { team: 'ops', id: 'user_1' },
    reason: 'première clé',
    salt: '0123456789ABCDEFGHIJKL',
  },
  payload:
    '["0123456789ABCDEFGHIJKL",{"actor":{"id":"user_1","team":"ops"},' +
    '"keyName":"Zapier production","reason":"première clé"}]',
  payloadDigest: 'ab7364fffae2ddbe32a748dc266bea69146dd9035985e0a33625b9d60fad4be3',
  link:
    '["keywright.activity.1","org_1",1,' +
    '"0000000000000000000000000000000000000000000000000000000000000000",' +
    '1750000000000,"key.created","key_a",null,null,' +
    '"ab7364fffae2ddbe32a748dc266bea69146dd9035985e0a33625b9d60fad4be3"]',
};

const updated: Vector = {
  event: {
    id: '15626eff8f8e43600c2c319dca074b9778b786c97a354505a4585e1ebbc74243',
    sequence: 2,
    at: 1_750_000_060_000,
    action: 'key.updated',
    owner: 'org_1',
    keyId: 'key_a',
    keyName: 'Zapier production',
    actor: { id: 'user_2' },
    change: {
      scopes: ['read', 'write'],
      name: 'Zapier',
      enabled: false,
      expiresAt: null,
      metadata: JSON.parse('{"__proto__":{"b":"\\"","a":"\\u0007"},"9":[1.5,true,null],"10":1e21}'),
    },
    salt: 'MNOPQRSTUVWXYZabcdefgh',
  },
  payload:
    '["MNOPQRSTUVWXYZabcdefgh",{"actor":{"id":"user_2"},"change":{"enabled":false,' +
    '"expiresAt":null,"metadata":{"10":1e+21,"9":[1.5,true,null],' +
    '"__proto__":{"a":"\\u0007","b":"\\""}},"name":"Zapier","scopes":["read","write"]},' +
    '"keyName":"Zapier production"}]',
  payloadDigest: 'fa97e52674bca47a7b38ab3b468a7d9d8dbb872a8bfcdb2f9ed28f7868503b12',
  link:
    '["keywright.activity.1","org_1",2,' +
    '"6fbf30ec615ee9606748f4f1f774a0ca1bf8b9494ff9539416ed2c7e5847e823",' +
    '1750000060000,"key.updated","key_a",null,null,' +
    '"fa97e52674bca47a7b38ab3b468a7d9d8dbb872a8bfcdb2f9ed28f7868503b12"]',
};

const rotated: Vector = {
  event: {
    id: '4d3833c22d736eb933cb5f23afbede6bef63e6a6e5f723a49b962d09d08728c0',
    sequence: 3,
    at: 1_750_000_120_000,
    action: 'key.rotated',
    owner: 'org_1',
    keyId: 'key_a',
    keyName: 'Zapier',
    actor: { id: 'user_1', team: 'ops' },
    successorId: 'key_b',
    graceEndsAt: 1_750_086_520_000,
    salt: 'ijklmnopqrstuvwxyz0123',
  },
  payload: '["ijklmnopqrstuvwxyz0123",{"actor":{"id":"user_1","team":"ops"},"keyName":"Zapier"}]',
  payloadDigest: 'd8df779482732a87fa544a5f91e74959c67703bd7f6aeaf93488e1418bcebfc9',
  link:
    '["keywright.activity.1","org_1",3,' +
    '"15626eff8f8e43600c2c319dca074b9778b786c97a354505a4585e1ebbc74243",' +
    '1750000120000,"key.rotated","key_a","key_b",1750086520000,' +
    '"d8df779482732a87fa544a5f91e74959c67703bd7f6aeaf93488e1418bcebfc9"]',
};

const erasing: Vector = {
  event: {
    id: 'eb1ac5348996aa2d395eb9c810e5159e38f8ba7c6443a64823ceb33965b67de3',
    sequence: 4,
    at: 1_750_000_180_000,
    action: 'activity.erased',
    owner: 'org_1',
    actor: { id: 'user_3' },
    reason: 'left the company',
    salt: '456789ABCDEFGHIJKLMNOP',
  },
  payload: '["456789ABCDEFGHIJKLMNOP",{"actor":{"id":"user_3"},"reason":"left the company"}]',
  payloadDigest: '3477bb258a586621c72fa9ca50c981d8ddde125041a3f3e565a2a666a673ab1b',
  link:
    '["keywright.activity.1","org_1",4,' +
    '"4d3833c22d736eb933cb5f23afbede6bef63e6a6e5f723a49b962d09d08728c0",' +
    '1750000180000,"activity.erased",null,null,null,' +
    '"3477bb258a586621c72fa9ca50c981d8ddde125041a3f3e565a2a666a673ab1b"]',
};

const chain = [created, updated, rotated, erasing];

describe('the canonical form of an event', () => {
  it.each(chain)('matches the recorded text of $event.action', (vector) => {
    expect(hash('sha256', vector.payload)).toBe(vector.payloadDigest);
    expect(hash('sha256', vector.link)).toBe(vector.event.id);
  });

  it('is the form that sealEvent digests', () => {
    let head = EMPTY_HEAD;
    for (const { event } of chain) {
      expect(followsHead(head, event), event.action).toBe(true);
      head = headAfter(event);
    }
    expect(head).toEqual({ sequence: 4, digest: erasing.event.id });
  });

  it('still verifies once the payload is erased', () => {
    let head = EMPTY_HEAD;
    for (const { event, payloadDigest } of chain) {
      const { salt, change, keyName, reason, ...facts } = event;
      const erased = { ...facts, actor: { id: '[erased]' }, erased: { payloadDigest } };
      expect(followsHead(head, erased), event.action).toBe(true);
      head = headAfter(erased);
    }
  });

  it('starts the chain at 64 zeros', () => {
    expect(EMPTY_HEAD).toEqual({
      sequence: 0,
      digest: '0000000000000000000000000000000000000000000000000000000000000000',
    });
  });
});
