import type { JsonObject } from '../../json.ts';
import type {
  ActivityAction,
  ActivityEvent,
  Actor,
  FactorDocument,
  FactorRef,
  KeyChange,
  StoredKey,
  VerifiableKey,
} from '../../record.ts';
import { foldText } from '../../text-folding.ts';
import {
  type Bytes,
  bytes,
  digest,
  flag,
  json,
  longText,
  optional,
  text,
  whole,
  word,
} from './codec.ts';
import { type Mapping, mappingOf } from './mapping.ts';

const words = text();
const scopes = json<readonly string[]>();
const metadata = json<JsonObject>();
const actor = json<Actor>();

/** The fields that a verification reads. */
const verified = {
  id: bytes,
  digest,
  owner: bytes,
  environment: words,
  name: words,
  scopes,
  metadata,
  enabled: flag,
  expiresAt: optional(whole),
  revokedAt: optional(whole),
  replacedBy: optional(bytes),
  replacedAt: optional(whole),
};

/** A key without its last use, which has a separate table. */
export const keys = mappingOf<Omit<StoredKey, 'lastUsedAt'>>()(
  {
    ...verified,
    hint: bytes,
    createdAt: whole,
    createdBy: actor,
    replaces: optional(bytes),
  },
  {
    // Folded here and not by the engine: each engine folds a different set of letters.
    // One character may fold to 18 (U+FDFA), so a name of 100 may exceed a short column.
    nameFolded: { from: 'name', codec: longText, derive: ({ name }) => foldText(name) },
    createdById: { from: 'createdBy', codec: bytes, derive: ({ createdBy }) => createdBy.id },
  },
);

/** The columns of {@link keys} that a verification reads. */
export const verifiableKeys = mappingOf<VerifiableKey>()(verified, {}, (row) => ({
  id: bytes.read(row.id),
  digest: digest.read(row.digest),
  owner: bytes.read(row.owner),
  environment: words.read(row.environment),
  name: words.read(row.name),
  scopes: scopes.read(row.scopes),
  metadata: metadata.read(row.metadata),
  enabled: flag.read(row.enabled),
}));

export const events = mappingOf<ActivityEvent>()(
  {
    owner: bytes,
    sequence: whole,
    id: digest,
    at: whole,
    action: word<ActivityAction>(),
    keyId: optional(bytes),
    keyName: optional(text()),
    actor,
    reason: optional(text()),
    change: optional(json<KeyChange>()),
    successorId: optional(bytes),
    graceEndsAt: optional(whole),
    salt: optional(text()),
    erased: optional({
      type: 'digest',
      optional: false,
      write: ({ payloadDigest }, toBytes) => toBytes(payloadDigest),
      read: (cell) => ({ payloadDigest: digest.read(cell) }),
    }),
  },
  { actorId: { from: 'actor', codec: bytes, derive: ({ actor }) => actor.id } },
);

export const factors = mappingOf<FactorRef & FactorDocument>()(
  { owner: bytes, actorId: bytes, version: whole, value: longText },
  {},
);

/** The newest link of an owner's chain. Every change of the owner's data compares this row. */
interface HeadRow {
  owner: Bytes;
  sequence: number;
  digest: Bytes;
  /** 1 until `deliveries.ts` has recorded that the owner has new events. */
  pending: number;
}

/** A consumer of all activity. */
interface ConsumerRow {
  consumer: Bytes;
  /** 1 once every owner that existed before the consumer has a row of deliveries. */
  is_filled: number;
}

/** The delivery of an owner's activity to a consumer. */
interface DeliveryRow {
  consumer: Bytes;
  owner: Bytes;
  /** The newest event that the consumer has received. */
  sequence: number;
  /** The newest event that was recorded for delivery. */
  target: number;
  /** When the owner can be claimed, by the clock of the database; null if nothing is to be delivered. */
  due_at: number | null;
  /** The claim that holds the owner. */
  holder: Bytes | null;
  failures: number;
}

/** When a key was last used. Not in the row of the key, so that flushes and changes never deadlock. */
interface UsageRow {
  id: Bytes;
  at: number;
}

/** One shard of the change feed. */
interface GenerationRow {
  id: number;
  generation: number;
  /** 16 hexadecimal digits. */
  mark: string;
  /** Ids of the keys that were purged last, in the form of `writeRecent`. */
  recent: string;
  /** The longest lease, in milliseconds, that any cache has registered. */
  watched_ms: number;
}

/** A cache that may answer from memory. */
interface MemberRow {
  holder: Bytes;
  acked: number;
  lease_ms: number;
}

/** One row, with the id 1. */
interface SettingsRow {
  id: number;
  /** The schema version of the tables. */
  version: number;
  max_lease_ms: number;
  settled: string | null;
}

type RowOf<Table> = Table extends Mapping<infer _, infer Row> ? Row : never;

export interface Tables {
  keywright_keys: RowOf<typeof keys>;
  keywright_events: RowOf<typeof events>;
  keywright_heads: HeadRow;
  keywright_consumers: ConsumerRow;
  keywright_deliveries: DeliveryRow;
  keywright_factors: RowOf<typeof factors>;
  keywright_usage: UsageRow;
  keywright_generation: GenerationRow;
  keywright_members: MemberRow;
  keywright_settings: SettingsRow;
}

/** Reads a key from a row with the columns of {@link keys} and `last_used_at`. */
export function readKey(row: unknown): StoredKey {
  const { last_used_at: at } = row as { readonly last_used_at: unknown };
  const key: { lastUsedAt?: number } & Omit<StoredKey, 'lastUsedAt'> = keys.read(row);
  if (at !== null) key.lastUsedAt = Number(at);
  return key;
}
