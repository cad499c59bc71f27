import { EMPTY_HEAD } from '../../digest/chain.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { chainOf, keptKey, listedKeys, put, type Topic, unique } from './subject.ts';
import { LOOKALIKES } from './texts.ts';

/** Owners, ids, digests and actors are the same only byte for byte. */
export const identity: Topic = {
  'tells owners apart byte by byte': async ({ store, other }) => {
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('org');
      const key = await put({ store, owner: prefix + one });
      assertEqual(await other.find({ id: key.id, owner: prefix + two }), undefined, `find, ${two}`);
      assertEqual(await listedKeys(other, { owner: prefix + two }), [], `list, ${two}`);
      assertEqual(await chainOf(other, prefix + two), [], `readChain, ${two}`);
      assertEqual(await other.head(prefix + two), EMPTY_HEAD, `head, ${two}`);
      const page = await other.listActivity({ owner: prefix + two, limit: 10 });
      assertEqual(page, { items: [] }, `listActivity, ${two}`);
      const second = await put({ store, owner: prefix + two });
      assertEqual(await listedKeys(other, { owner: prefix + two }), [second], `list, ${two}`);
      assertEqual(await listedKeys(other, { owner: prefix + one }), [key], `list, ${one}`);
      assertEqual((await chainOf(other, prefix + two)).length, 1, `the chain of ${two}`);
    }
  },

  'changes the keys of no owner of a similar name': async ({ store, other }) => {
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('org');
      const key = await put({ store, owner: prefix + one });
      const ref = { id: key.id, owner: prefix + two };
      assertEqual(await store.update(ref, { name: 'x' }, trace()), undefined, `update, ${two}`);
      assertEqual(await store.rotate(ref, successor(), trace()), undefined, `rotate, ${two}`);
      assertEqual(await store.revoke(ref, trace()), undefined, `revoke, ${two}`);
      assertEqual(await store.revokeAll(prefix + two, trace()), 0, `revokeAll, ${two}`);
      assertEqual(await keptKey(other, key.id), key, `the key of ${one}`);
    }
  },

  'tells ids apart byte by byte': async ({ store, other, owner }) => {
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('key');
      const key = await put({ store, owner }, { id: prefix + one });
      assertEqual(await other.find({ id: prefix + two }), undefined, `find, ${two}`);
      await store.recordUsage(new Map([[prefix + two, START + 1]]));
      const second = await put({ store, owner }, { id: prefix + two });
      await store.revoke({ id: prefix + two }, trace());
      assertEqual(await other.find({ id: prefix + one }), key, `find, ${one}`);
      const revoked = { ...second, revokedAt: START };
      assertEqual(await other.find({ id: prefix + two }), revoked, `find, ${two}`);
    }
  },

  'tells digests apart byte by byte': async (subject) => {
    const { other } = subject;
    const key = await put(subject, { digest: storedKey().digest.replace(/^../, 'ab') });
    const near = [
      key.digest.toUpperCase(),
      `${key.digest.slice(0, -1)}${key.digest.endsWith('0') ? '1' : '0'}`,
    ];
    for (const digest of near) {
      assertEqual(await other.findByDigest(digest), undefined, `findByDigest, ${digest}`);
    }
  },

  'tells actors apart byte by byte': async (subject) => {
    const { store, other, owner } = subject;
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('user');
      const key = await put(subject, { createdBy: { id: prefix + one } });
      const query = { owner, limit: 10, actorId: prefix + two };
      assertEqual(await other.listActivity(query), { items: [] }, `listActivity, ${two}`);
      assertEqual(await store.eraseActor(owner, prefix + two, trace()), 0, `eraseActor, ${two}`);
      assertEqual(await keptKey(other, key.id), key, `the key of ${one}`);
      const { items } = await other.listActivity({ owner, limit: 10, actorId: prefix + one });
      assertEqual(items.length, 1, `events of ${one}`);
    }
  },
};
