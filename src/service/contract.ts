import type { PresentedLines } from '../http/credentials.ts';
import type { HttpRefusal } from '../http/refusal.ts';
import type { JsonObject } from '../json.ts';
import type { ActivityEvent, ChainHead, KeyRecord, Page, Principal } from '../record.ts';
import type { ChangeEffect } from '../rules/barrier.ts';
import type { Secret } from '../secret.ts';
import type { TokenFormat } from '../token/format.ts';
import type { RefusalReason } from '../verify.ts';
import type {
  ActivityFilter,
  ActorOptions,
  ChangeOptions,
  KeyFilter,
  KeyUpdate,
  NewKey,
  NewKeyFields,
  NewKeyMetadata,
  RevokeOptions,
  RotateOptions,
} from './input.ts';

/** A new key with its token, which cannot be read again later. */
export interface CreatedKey<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> {
  readonly secret: Secret;
  readonly record: KeyRecord<Environment, Scope, Metadata>;
}

/** A changed key, and when the change takes effect in every process. */
export type ChangedKey<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> = KeyRecord<Environment, Scope, Metadata> & { readonly effect: ChangeEffect };

/** How many keys were revoked, and when the revocation takes effect in every process. */
export interface RevokedKeys {
  readonly revoked: number;
  readonly effect: ChangeEffect;
}

/** The new key, and the old one after the rotation. */
export interface RotatedKey<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> extends CreatedKey<Environment, Scope, Metadata> {
  readonly replaced: KeyRecord<Environment, Scope, Metadata>;
  /** When the old key's new expiry takes effect in every process. */
  readonly effect: ChangeEffect;
}

/** The result of {@link ApiKeys.verifyActivity}. */
export type ChainReport =
  | {
      readonly ok: true;
      /** The newest link. Keep it elsewhere to detect a log whose end was cut off. */
      readonly head: ChainHead;
      /** The number of events whose personal data has been erased. */
      readonly erased: number;
    }
  | {
      readonly ok: false;
      /** `missing`: no event has this sequence. `altered`: the event is not the one that was written. */
      readonly reason: 'missing' | 'altered';
      /** The sequence of the first event that is missing or altered. */
      readonly sequence: number;
      /** The altered event. */
      readonly event?: ActivityEvent;
    };

/** The principal of a token, or the reason for its refusal. Never send the reason to the caller. */
export type Verification<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> =
  | { readonly ok: true; readonly principal: Principal<Environment, Scope, Metadata> }
  | { readonly ok: false; readonly reason: RefusalReason };

/** The principal of a request, or the response to send. Never send `reason` to the caller. */
export type Authentication<Caller extends Principal<string, string, object> = Principal> =
  | {
      readonly ok: true;
      readonly principal: Caller;
      /** Headers to add to your response for a replaced key: `Deprecation`, and `Sunset` if it expires. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly reason: RefusalReason; readonly refusal: HttpRefusal };

/** What a route requires of a valid key. */
export interface Requirement<Environment extends string = string, Scope extends string = string> {
  /** The scopes that the key must have, all of them. Default: none. */
  readonly scopes?: readonly Scope[];
  /** Environments that are accepted here. Default: those of the service. */
  readonly environments?: readonly Environment[];
  /**
   * Names of headers that may contain the key, in any case: `['authorization', 'x-api-key']`. Authorization
   * contains `Bearer <key>`, every other header only the key. A request must have exactly one field line
   * across all of them. At most 8 headers; `cookie` is not allowed. Default: only Authorization.
   */
  readonly headers?: readonly string[];
}

/** Operations on one key by its id. */
export interface KeysById<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  /** Returns the record of a key, or `undefined` if there is none. */
  get(id: string): Promise<KeyRecord<Environment, Scope, Metadata> | undefined>;

  /**
   * Changes name, scopes, metadata, expiry or `enabled`.
   *
   * Rejects with `key_not_found`, or with `key_revoked`: a revoked key cannot be changed.
   */
  update(
    id: string,
    change: KeyUpdate<Scope, MetadataInput>,
    options: ChangeOptions,
  ): Promise<ChangedKey<Environment, Scope, Metadata>>;

  /**
   * Creates a successor with the same name, owner, environment, scopes, metadata and expiry. Both
   * keys work until the old one is revoked, or until `graceMs` have passed.
   *
   * Rejects with `key_not_found`; `key_revoked`; `key_expired`, unless `expiresAt` sets the expiry of
   * the new key; or `key_replaced` while an earlier successor is neither revoked nor expired.
   */
  rotate(id: string, options: RotateOptions): Promise<RotatedKey<Environment, Scope, Metadata>>;

  /**
   * Revokes a key permanently. Every verification that begins after this has resolved refuses the key, in
   * every process on the same store. Revoking a revoked key changes nothing.
   *
   * Rejects with `key_not_found`.
   */
  revoke(id: string, options: RevokeOptions): Promise<ChangedKey<Environment, Scope, Metadata>>;
}

/** The keys of one owner. Every method treats the keys of other owners as unknown ids. */
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
  revokeAll(options: RevokeOptions): Promise<RevokedKeys>;
  /** As {@link ApiKeys.activity}. */
  activity(filter?: ActivityFilter): Promise<Page<ActivityEvent>>;
  /** As {@link ApiKeys.verifyActivity}. */
  verifyActivity(expected?: { readonly expectedHead?: ChainHead }): Promise<ChainReport>;
}

/**
 * The API keys of a service, from {@link createApiKeys}.
 *
 * Every change adds one event to the owner's activity log, in the same transaction, and is written whole
 * or not at all. All times are epoch milliseconds. Invalid arguments reject with `invalid_argument`. If
 * the store fails or times out, a change rejects with `store_unavailable`; its `indeterminate` is true if
 * the change may have been made. A read rejects with that code or with the store's own error.
 */
export interface ApiKeys<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> extends KeysById<Environment, Scope, Metadata, MetadataInput> {
  /** The format of the tokens. */
  readonly format: TokenFormat<Environment>;
  /** The declared scopes; absent if any scope is allowed. */
  readonly scopes?: readonly Scope[];
  /** Milliseconds by which a stored time of last use can lag. */
  readonly usageFlushMs: number;

  /** Whether a new key needs metadata, because the schema rejects `{}`. */
  requiresMetadata(): Promise<boolean>;

  /** Creates a key. No other call returns its token. */
  create(
    key: NewKey<Environment, Scope, MetadataInput>,
  ): Promise<CreatedKey<Environment, Scope, Metadata>>;

  /**
   * Verifies a token. Never rejects: if the store fails or returns a broken record, or the clock throws,
   * the reason is `unavailable`.
   */
  verify(token: string): Promise<Verification<Environment, Scope, Metadata>>;

  /**
   * Reads the credential of a request, verifies its token and checks the requirement of the route.
   *
   * On failure, send `refusal`: a 401 for any fault of the credential, a 403 for a missing scope, or a 503
   * if the store failed. On success, add `headers` to your response, if there are any: those of RFC 9745
   * and RFC 8594 for a key that has been replaced. Rejects only if the requirement is invalid.
   *
   * Delays the refusal of a well-formed token; see `refusalMs` of `createApiKeys`.
   *
   * @param presented all Authorization field lines of the request; or, for a requirement with `headers`,
   * the field lines of the request by lower-case name
   * @example
   * ```ts
   * const headers = ['authorization', 'x-api-key'];
   * const result = await keys.authenticate(req.headersDistinct, { headers });
   * ```
   */
  authenticate(
    presented: PresentedLines,
    requirement?: Requirement<Environment, Scope>,
  ): Promise<Authentication<Principal<Environment, Scope, Metadata>>>;

  /** Lists the keys of an owner, newest first. */
  list(
    filter: KeyFilter<Environment> & { readonly owner: string },
  ): Promise<Page<KeyRecord<Environment, Scope, Metadata>>>;

  /** Revokes all keys of an owner. Returns the number of keys that were not revoked before. */
  revokeAll(options: RevokeOptions & { readonly owner: string }): Promise<RevokedKeys>;

  /** Lists the events of an owner's activity log, newest first. */
  activity(filter: ActivityFilter & { readonly owner: string }): Promise<Page<ActivityEvent>>;

  /**
   * Verifies an owner's chain of events, and returns the first that is missing or altered. With a head
   * that you kept elsewhere, it also detects a log that was cut short or rewritten.
   */
  verifyActivity(chain: {
    readonly owner: string;
    readonly expectedHead?: ChainHead;
  }): Promise<ChainReport>;

  /**
   * Erases an actor from an owner's log and records: the actor themselves, and the key name, reason and
   * new values of their events. The chain still verifies.
   */
  eraseActor(
    erasure: ActorOptions & { readonly owner: string; readonly actorId: string },
  ): Promise<{ readonly erased: number }>;

  /** Returns the operations on the keys of one owner, for code that acts on behalf of that owner. */
  forOwner(owner: string): OwnerKeys<Environment, Scope, Metadata, MetadataInput>;

  /** Writes the collected times of last use to the store. Rejects if the store does. */
  flush(): Promise<void>;

  /** Flushes, and stops collecting times of last use. Does not close the store. */
  close(): Promise<void>;
}
