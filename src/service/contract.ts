import type { AuthorizationLines } from '../http/credentials.ts';
import type { HttpRefusal } from '../http/refusal.ts';
import type { JsonObject } from '../json.ts';
import type { ActivityEvent, ChainHead, KeyChange, KeyRecord, Page, Principal } from '../record.ts';
import type { Secret } from '../secret.ts';
import type { TokenFormat } from '../token/format.ts';
import type { RefusalReason } from '../verify.ts';
import type {
  ActivityFilter,
  By,
  ChangeOptions,
  KeyFilter,
  NewKey,
  NewKeyFields,
  NewKeyMetadata,
  RotateOptions,
} from './input.ts';

/** A new key: the only moment at which its token can be read. */
export interface CreatedKey<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> {
  readonly secret: Secret;
  readonly record: KeyRecord<Environment, Scope, Metadata>;
}

/** A successor, and its predecessor as it now is. */
export interface RotatedKey<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> extends CreatedKey<Environment, Scope, Metadata> {
  readonly replaced: KeyRecord<Environment, Scope, Metadata>;
}

/** What a verification of the activity chain found. */
export type ChainReport =
  | {
      readonly ok: true;
      /** The newest link; keep it elsewhere to notice when the end of the log is cut off. */
      readonly head: ChainHead;
      /** How many events had personal data erased. */
      readonly erased: number;
    }
  | {
      readonly ok: false;
      /** `missing`: no event has this sequence; `altered`: it is not the one that was written. */
      readonly reason: 'missing' | 'altered';
      /** The sequence of the first event that is missing or altered. */
      readonly sequence: number;
      /** The altered event as it now is. */
      readonly event?: ActivityEvent;
    };

/** Whom a token speaks for, or why it is refused: for the server alone. */
export type Verification<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> =
  | { readonly ok: true; readonly principal: Principal<Environment, Scope, Metadata> }
  | { readonly ok: false; readonly reason: RefusalReason };

/** Whom a request speaks for, or the answer to send. `reason` is for the server alone. */
export type Authentication<Caller extends Principal<string, string, object> = Principal> =
  | {
      readonly ok: true;
      readonly principal: Caller;
      /** For the answer: that the key has been replaced, and when it ends. Absent otherwise. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly reason: RefusalReason; readonly refusal: HttpRefusal };

/** What a route asks of a key beyond being good. */
export interface Requirement<Environment extends string = string, Scope extends string = string> {
  /** Scopes that the key must have, all of them. Default none. */
  readonly scopes?: readonly Scope[];
  /** Environments that are accepted here, in the place of the service's. */
  readonly environments?: readonly Environment[];
}

/** What is done to one key by its id. */
export interface KeysById<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  /** The record of a key, or `undefined` where there is none. */
  get(id: string): Promise<KeyRecord<Environment, Scope, Metadata> | undefined>;

  /**
   * Changes name, scopes, metadata, expiry or `enabled`.
   *
   * Rejects with `key_not_found`, or `key_revoked`: nothing brings a revoked key back.
   */
  update(
    id: string,
    change: KeyChange<Scope, MetadataInput>,
    options: ChangeOptions,
  ): Promise<KeyRecord<Environment, Scope, Metadata>>;

  /**
   * Creates a successor with the same name, owner, environment, scopes, metadata and expiry. Both
   * keys work until the old one is revoked, or until `graceMs` have passed.
   *
   * Rejects with `key_not_found`; `key_revoked`; `key_expired`, unless `expiresAt` gives the new
   * key an expiry of its own; or `key_replaced` while an earlier successor lives.
   */
  rotate(id: string, options: RotateOptions): Promise<RotatedKey<Environment, Scope, Metadata>>;

  /**
   * Revokes a key for good. Once this has resolved, every verification that begins refuses the key,
   * in every process on the same store. Doing it again changes nothing.
   *
   * Rejects with `key_not_found`.
   */
  revoke(id: string, by: By): Promise<KeyRecord<Environment, Scope, Metadata>>;
}

/** The keys of one owner: to anybody else's, every method answers as to an unknown id. */
export interface OwnerKeys<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> extends KeysById<Environment, Scope, Metadata, MetadataInput> {
  /** As {@link ApiKeys.create}. */
  create(
    key: Omit<NewKeyFields<Environment, Scope>, 'owner'> & NewKeyMetadata<MetadataInput>,
  ): Promise<CreatedKey<Environment, Scope, Metadata>>;
  /** As {@link ApiKeys.list}. */
  list(filter?: KeyFilter<Environment>): Promise<Page<KeyRecord<Environment, Scope, Metadata>>>;
  /** As {@link ApiKeys.revokeAll}. */
  revokeAll(by: By): Promise<{ readonly revoked: number }>;
  /** As {@link ApiKeys.activity}. */
  activity(filter?: ActivityFilter): Promise<Page<ActivityEvent>>;
  /** As {@link ApiKeys.verifyActivity}. */
  verifyActivity(expected?: { readonly expectedHead?: ChainHead }): Promise<ChainReport>;
}

/**
 * API keys as a service: what `createApiKeys` makes.
 *
 * Every mutation leaves one event in the owner's activity log, in the same transaction. All times
 * are epoch milliseconds. Wrong arguments reject with `invalid_argument`, and a store that fails
 * or is late with its own error or `store_unavailable`; nothing is then half-done.
 */
export interface ApiKeys<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> extends KeysById<Environment, Scope, Metadata, MetadataInput> {
  /** The format of the tokens. */
  readonly format: TokenFormat<Environment>;
  /** The scopes that there are; absent where any will do. */
  readonly scopes?: readonly Scope[];

  /** Creates a key and gives its token, this once. */
  create(
    key: NewKey<Environment, Scope, MetadataInput>,
  ): Promise<CreatedKey<Environment, Scope, Metadata>>;

  /**
   * Tells whom a token speaks for. Never rejects: where the store fails or gives a broken record, or
   * the clock throws, the reason is `unavailable`.
   */
  verify(token: string): Promise<Verification<Environment, Scope, Metadata>>;

  /**
   * Reads the one Authorization line, verifies its token and checks what the route requires. On
   * failure `refusal` is the answer to send: 401 whatever was wrong with the credential, 403 for a
   * lacking scope, 503 for a store that failed. Rejects on a wrong requirement alone. On success
   * `headers` are for the answer, if there are any: what RFC 9745 and RFC 8594 have for a key that
   * has been replaced.
   *
   * @param authorization all Authorization field lines of the request
   */
  authenticate(
    authorization: AuthorizationLines,
    requirement?: Requirement<Environment, Scope>,
  ): Promise<Authentication<Principal<Environment, Scope, Metadata>>>;

  /** Keys of an owner, newest first. */
  list(
    filter: KeyFilter<Environment> & { readonly owner: string },
  ): Promise<Page<KeyRecord<Environment, Scope, Metadata>>>;

  /** Revokes all keys of an owner, and tells how many were not revoked before. */
  revokeAll(by: By & { readonly owner: string }): Promise<{ readonly revoked: number }>;

  /** Who did what and when with an owner's keys, newest first. */
  activity(filter: ActivityFilter & { readonly owner: string }): Promise<Page<ActivityEvent>>;

  /**
   * Walks an owner's chain of events and tells the first that is missing or altered. With a head
   * that was kept elsewhere, a log that was cut short or written anew shows too.
   */
  verifyActivity(chain: {
    readonly owner: string;
    readonly expectedHead?: ChainHead;
  }): Promise<ChainReport>;

  /**
   * Erases what an actor left in an owner's log and records: the actor, and the key name, reason and
   * new values of their events. The chain still verifies.
   */
  eraseActor(
    erasure: By & { readonly owner: string; readonly actorId: string },
  ): Promise<{ readonly erased: number }>;

  /** The keys of one owner, for code that acts on behalf of one. */
  forOwner(owner: string): OwnerKeys<Environment, Scope, Metadata, MetadataInput>;

  /** Writes to the store which keys were used when. Rejects if the store does. */
  flush(): Promise<void>;

  /** Flushes, and stops noting uses. The store stays open: it is the host's. */
  close(): Promise<void>;
}
