import type { AuthorizationLines } from '../http/credentials.ts';
import type { HttpRefusal } from '../http/refusal.ts';
import type { JsonObject } from '../json.ts';
import type {
  ActivityAction,
  ActivityEvent,
  Actor,
  ChainHead,
  KeyChange,
  KeyRecord,
  KeyState,
  Page,
  Principal,
} from '../record.ts';
import type { Secret } from '../secret.ts';
import type { TokenFormat } from '../token/format.ts';
import type { RefusalReason } from '../verify.ts';

/** A key to be created. */
export interface NewKey<Environment extends string = string> {
  /** What people call it: 1 to 100 characters, no control characters. */
  readonly name: string;
  /** The organization or account that the key speaks for: 1 to 255 characters. */
  readonly owner: string;
  readonly environment: Environment;
  /** Who creates it, as the host knows them. */
  readonly actor: Actor;
  /** At most 100, each of the characters that RFC 6750 §3 allows in a scope. Default none. */
  readonly scopes?: readonly string[];
  /** Epoch milliseconds from which on the key is refused. Default never. */
  readonly expiresAt?: number;
  /** Plain JSON, at most 4,096 bytes. Default `{}`. */
  readonly metadata?: JsonObject;
  /** Why, for the activity log: at most 500 characters. */
  readonly reason?: string;
  /** The id of the new key; `digest_taken` if another has it. Default: one that is drawn. */
  readonly id?: string;
  /** A transaction of the host, on stores that can join one. */
  readonly transaction?: unknown;
}

/** A new key: the only moment at which its token can be read. */
export interface CreatedKey<Environment extends string = string> {
  readonly secret: Secret;
  readonly record: KeyRecord<Environment>;
}

/** A successor, and its predecessor as it now is. */
export interface RotatedKey<Environment extends string = string> extends CreatedKey<Environment> {
  readonly replaced: KeyRecord<Environment>;
}

/** Who changes something, and why. */
export interface By {
  readonly actor: Actor;
  /** Why, for the activity log: at most 500 characters. */
  readonly reason?: string;
}

export interface ChangeOptions extends By {
  /** A transaction of the host, on stores that can join one. */
  readonly transaction?: unknown;
}

export interface RotateOptions extends ChangeOptions {
  /** Milliseconds after which the old key is refused. Without it, both work until one is revoked. */
  readonly graceMs?: number;
  /** When the new key expires, `null` for never. Default: when the old key would have. */
  readonly expiresAt?: number | null;
  /** The id of the new key; `digest_taken` if another has it. Default: one that is drawn. */
  readonly id?: string;
}

/** Which keys to list; filters narrow, and all of them must hold. */
export interface KeyFilter<Environment extends string = string> {
  /** Items of a page, 1 to 100. Default 20. */
  readonly limit?: number;
  /** The cursor of the page before. */
  readonly cursor?: string;
  readonly environment?: Environment;
  readonly state?: KeyState;
  /** Text that the name holds, whatever its case. */
  readonly text?: string;
  /** Keys that have an expiry before this moment, in epoch milliseconds. */
  readonly expiresBefore?: number;
  /** Keys not used since this moment; one that was never used counts from its creation. */
  readonly unusedSince?: number;
}

/** Which events to list; filters narrow, and all of them must hold. */
export interface ActivityFilter {
  /** Items of a page, 1 to 100. Default 20. */
  readonly limit?: number;
  /** The cursor of the page before. */
  readonly cursor?: string;
  readonly keyId?: string;
  readonly action?: ActivityAction;
  readonly actorId?: string;
  /** Events at this moment or later, in epoch milliseconds. */
  readonly from?: number;
  /** Events before this moment. */
  readonly to?: number;
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

export type Verification<Environment extends string = string> =
  | { readonly ok: true; readonly principal: Principal<Environment> }
  | { readonly ok: false; readonly reason: RefusalReason };

export type Authentication<Environment extends string = string> =
  | { readonly ok: true; readonly principal: Principal<Environment> }
  | { readonly ok: false; readonly reason: RefusalReason; readonly refusal: HttpRefusal };

/** What a route asks of a key beyond being good. */
export interface Requirement<Environment extends string = string> {
  /** Scopes that the key must have, all of them. Default none. */
  readonly scopes?: readonly string[];
  /** Environments that are accepted here, in the place of the service's. */
  readonly environments?: readonly Environment[];
}

/** The keys of one owner: to anybody else's, every method answers as to an unknown id. */
export interface OwnerKeys<Environment extends string = string> {
  create(key: Omit<NewKey<Environment>, 'owner'>): Promise<CreatedKey<Environment>>;
  get(id: string): Promise<KeyRecord<Environment> | undefined>;
  list(filter?: KeyFilter<Environment>): Promise<Page<KeyRecord<Environment>>>;
  update(id: string, change: KeyChange, options: ChangeOptions): Promise<KeyRecord<Environment>>;
  rotate(id: string, options: RotateOptions): Promise<RotatedKey<Environment>>;
  revoke(id: string, by: By): Promise<KeyRecord<Environment>>;
  revokeAll(by: By): Promise<{ readonly revoked: number }>;
  activity(filter?: ActivityFilter): Promise<Page<ActivityEvent>>;
  verifyActivity(expected?: { readonly expectedHead?: ChainHead }): Promise<ChainReport>;
}

/**
 * API keys as a service: what `createApiKeys` makes.
 *
 * Every mutation leaves one event in the owner's activity log, in the same transaction. All times
 * are epoch milliseconds. Wrong arguments reject with `invalid_argument`, and a store that fails
 * or is late with its own error or `store_unavailable`; nothing is then half-done.
 */
export interface ApiKeys<Environment extends string = string> {
  readonly format: TokenFormat<Environment>;

  /** Creates a key and gives its token, this once. */
  create(key: NewKey<Environment>): Promise<CreatedKey<Environment>>;

  /** Tells whom a token speaks for. Never rejects: a store that fails is the reason `unavailable`. */
  verify(token: string): Promise<Verification<Environment>>;

  /**
   * Reads the one Authorization line, verifies its token and checks what the route requires. On
   * failure `refusal` is the answer to send: 401 whatever was wrong with the credential, 403 for a
   * lacking scope, 503 for a store that failed. Rejects on a wrong requirement alone.
   *
   * @param authorization all Authorization field lines of the request
   */
  authenticate(
    authorization: AuthorizationLines,
    requirement?: Requirement<Environment>,
  ): Promise<Authentication<Environment>>;

  get(id: string): Promise<KeyRecord<Environment> | undefined>;

  /** Keys of an owner, newest first. */
  list(
    filter: KeyFilter<Environment> & { readonly owner: string },
  ): Promise<Page<KeyRecord<Environment>>>;

  /**
   * Changes name, scopes, metadata, expiry or `enabled`.
   *
   * Rejects with `key_not_found`, or `key_revoked`: nothing brings a revoked key back.
   */
  update(id: string, change: KeyChange, options: ChangeOptions): Promise<KeyRecord<Environment>>;

  /**
   * Creates a successor with the same name, owner, environment, scopes, metadata and expiry. Both
   * keys work until the old one is revoked, or until `graceMs` have passed.
   *
   * Rejects with `key_not_found`; `key_revoked`; `key_expired`, unless `expiresAt` gives the new
   * key an expiry of its own; or `key_replaced` while an earlier successor lives.
   */
  rotate(id: string, options: RotateOptions): Promise<RotatedKey<Environment>>;

  /**
   * Revokes a key for good. Once this has resolved, every verification that begins refuses the key,
   * in every process on the same store. Doing it again changes nothing.
   *
   * Rejects with `key_not_found`.
   */
  revoke(id: string, by: By): Promise<KeyRecord<Environment>>;

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
  forOwner(owner: string): OwnerKeys<Environment>;

  /** Writes to the store which keys were used when. Rejects if the store does. */
  flush(): Promise<void>;

  /** Flushes, and stops noting uses. The store stays open: it is the host's. */
  close(): Promise<void>;
}
