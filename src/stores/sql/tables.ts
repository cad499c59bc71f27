import type { JsonObject } from '../../json.ts';
import type {
  ActivityAction,
  ActivityEvent,
  Actor,
  FactorDocument,
  FactorRef,
  KeyChange,
  StoredKey,
} from '../../record.ts';
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

export const keys = mappingOf<StoredKey>()(
  {
    id: bytes,
    digest,
    owner: bytes,
    environment: words,
    name: words,
    hint: words,
    scopes,
    metadata,
    enabled: flag,
    createdAt: whole,
    createdBy: actor,
    expiresAt: optional(whole),
    lastUsedAt: optional(whole),
    revokedAt: optional(whole),
    replaces: optional(bytes),
    replacedBy: optional(bytes),
    replacedAt: optional(whole),
  },
  {
    // Folded here, not by the engine: each knows another set of letters.
    nameFolded: { from: 'name', codec: words, derive: ({ name }) => name.toLowerCase() },
    createdById: { from: 'createdBy', codec: bytes, derive: ({ createdBy }) => createdBy.id },
  },
  (row) => ({
    id: bytes.read(row.id),
    digest: digest.read(row.digest),
    owner: bytes.read(row.owner),
    environment: words.read(row.environment),
    name: words.read(row.name),
    hint: words.read(row.hint),
    scopes: scopes.read(row.scopes),
    metadata: metadata.read(row.metadata),
    enabled: flag.read(row.enabled),
    createdAt: whole.read(row.created_at),
    createdBy: actor.read(row.created_by),
  }),
);

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

/** The newest link of an owner's chain; its row is what mutations of the owner's keys lock. */
interface HeadRow {
  owner: Bytes;
  sequence: number;
  digest: Bytes;
}

/** One row: how often a verdict was turned. */
interface GenerationRow {
  id: number;
  generation: number;
}

/** A cache's lease; see {@link ChangeFeed}. */
interface LeaseRow {
  holder: Bytes;
  /** The generation that the holder had seen. */
  seen: number;
  /** For how long a change waits for it, by the clock of the one who waits. */
  lease_ms: number;
  /** Tells a lease from the one that the holder had before. */
  grant_id: Bytes;
}

type RowOf<Table> = Table extends Mapping<infer _, infer Row> ? Row : never;
type KeyRow = RowOf<typeof keys>;
type EventRow = RowOf<typeof events>;
type FactorRow = RowOf<typeof factors>;

export interface Tables {
  keywright_keys: KeyRow;
  keywright_events: EventRow;
  keywright_heads: HeadRow;
  keywright_generation: GenerationRow;
  keywright_leases: LeaseRow;
  keywright_factors: FactorRow;
}
