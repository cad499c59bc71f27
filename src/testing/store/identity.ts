import { EMPTY_HEAD } from '../../digest/chain.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey } from '../fixtures.ts';
import { assertFound, chainOf, listedKeys, type Topic, unique } from './subject.ts';
import { LOOKALIKES } from './texts.ts';
import { alter, put } from './writes.ts';

/** Owners, ids, digests and actors are equal only if their bytes are. */
export const identity: Topic = {
  'distinguishes owners byte by byte': async ({ store, other }) => {
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

  'shows no data of an owner with a similar name in a view': async ({ store, other }) => {
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('org');
      const key = await put({ store, owner: prefix + one });
      const owner = prefix + two;
      const empty = { head: EMPTY_HEAD, keys: [], events: [] };
      for (const query of [
        { kind: 'owner', owner },
        { kind: 'key', id: key.id, owner },
        { kind: 'unrevoked', owner },
        { kind: 'actor', owner, actorId: key.createdBy.id },
      ] as const) {
        assertEqual(await other.view(query), empty, `view of ${query.kind}, ${two}`);
      }
    }
  },

  'distinguishes ids byte by byte': async ({ store, other, owner }) => {
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('key');
      const key = await put({ store, owner }, { id: prefix + one });
      assertEqual(await other.find({ id: prefix + two }), undefined, `find, ${two}`);
      await store.recordUsage(new Map([[prefix + two, START + 1]]));
      const second = await put({ store, owner }, { id: prefix + two });
      const revoked = await alter({ store }, second, { revokedAt: START });
      assertEqual(await other.find({ id: prefix + one }), key, `find, ${one}`);
      assertEqual(await other.find({ id: prefix + two }), revoked, `find, ${two}`);
    }
  },

  'distinguishes digests byte by byte': async (subject) => {
    const { other } = subject;
    const key = await put(subject, { digest: storedKey().digest.replace(/^../, 'ab') });
    const near = [
      key.digest.toUpperCase(),
      `${key.digest.slice(0, -1)}${key.digest.endsWith('0') ? '1' : '0'}`,
    ];
    for (const digest of near) {
      await assertFound(other, digest, undefined, `findByDigest, ${digest}`);
    }
  },

  'distinguishes actors byte by byte': async (subject) => {
    const { other, owner } = subject;
    for (const [one, two] of LOOKALIKES) {
      const prefix = unique('user');
      const key = await put(subject, { createdBy: { id: prefix + one } });
      const query = { owner, limit: 10, actorId: prefix + two };
      assertEqual(await other.listActivity(query), { items: [] }, `listActivity, ${two}`);
      const view = await other.view({ kind: 'actor', owner, actorId: prefix + two });
      assertEqual([view.keys, view.events], [[], []], `view, ${two}`);
      const theirs = await other.view({ kind: 'actor', owner, actorId: prefix + one });
      assertEqual(theirs.keys, [key], `view, ${one}`);
      const { items } = await other.listActivity({ owner, limit: 10, actorId: prefix + one });
      assertEqual(items.length, 1, `events of ${one}`);
    }
  },
};
