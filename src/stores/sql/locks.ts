import { EMPTY_HEAD } from '../../digest/chain.ts';
import type { ChainHead, StoredKey } from '../../record.ts';
import type { KeyRef } from '../../store.ts';
import { bytes as bytesCodec, digest } from './codec.ts';
import { type Dialect, insertUnlessThere, locked } from './dialect.ts';
import { readFirst, type Script, write } from './script.ts';
import { keys } from './tables.ts';

/*
 * The order in which every mutation locks: the owner's head, the keys by id, the generation last.
 * Whoever holds an owner's head is alone with that owner's keys, but for times of use and digests.
 */

/** The head of an owner's chain, held until the transaction ends; made if the owner has none. */
export function* holdHead(dialect: Dialect, owner: string): Script<ChainHead> {
  // In MySQL a locking read of a row that is not there locks the gap, where reads are repeatable, as in
  // the host's transactions: of two first events at once, each would wait for the other's.
  if (dialect.family !== 'mysql') {
    const head = yield* holdKnownHead(dialect, owner);
    if (head !== undefined) return head;
  }
  // Of two first events at once, one inserts and the other waits for it and then inserts nothing.
  const { build, bytes } = dialect;
  const insert = build.insertInto('keywright_heads').values({
    owner: bytes(owner),
    sequence: EMPTY_HEAD.sequence,
    digest: bytes(EMPTY_HEAD.digest),
  });
  yield* write(insertUnlessThere(dialect, insert, 'owner'));
  return (yield* holdKnownHead(dialect, owner)) ?? EMPTY_HEAD;
}

/** The head of an owner's chain, held until the transaction ends, if the owner has one. */
export function* holdKnownHead(dialect: Dialect, owner: string): Script<ChainHead | undefined> {
  const row = yield* readFirst(
    locked(
      dialect,
      dialect.build
        .selectFrom('keywright_heads')
        .select(['sequence', 'digest'])
        .where('owner', '=', dialect.bytes(owner)),
    ),
  );
  return row && headOf(row);
}

/** A key and the head of its owner's chain, both held until the transaction ends. */
export function* holdKey(
  dialect: Dialect,
  { id, owner }: KeyRef,
): Script<{ key: StoredKey; head: ChainHead } | undefined> {
  const { build, bytes } = dialect;
  let ownerOf = build.selectFrom('keywright_keys').select('owner').where('id', '=', bytes(id));
  if (owner !== undefined) ownerOf = ownerOf.where('owner', '=', bytes(owner));
  const found = yield* readFirst(ownerOf);
  if (found === undefined) return undefined;
  const head = yield* holdHead(dialect, bytesCodec.read(found.owner));
  const key = yield* keyById(dialect, id);
  return key && { key, head };
}

/** A key of an owner whose head is held. */
export function* keyById(dialect: Dialect, id: string): Script<StoredKey | undefined> {
  const row = yield* readFirst(
    locked(
      dialect,
      dialect.build
        .selectFrom('keywright_keys')
        .select(keys.columns)
        .where('id', '=', dialect.bytes(id)),
    ),
  );
  return row && keys.read(row);
}

export function headOf(row: { sequence: unknown; digest: unknown }): ChainHead {
  return { sequence: Number(row.sequence), digest: digest.read(row.digest) };
}
