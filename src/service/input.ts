import type { JsonObject } from '../json.ts';
import type { ActivityAction, Actor, KeyChange, KeyState } from '../record.ts';

/** A point in time: a `Date`, or epoch milliseconds. Records and events hold milliseconds. */
export type Moment = Date | number;

/** A key to be created. */
export type NewKey<
  Environment extends string = string,
  Scope extends string = string,
  MetadataInput extends object = JsonObject,
> = NewKeyFields<Environment, Scope> & NewKeyMetadata<MetadataInput>;

/** Plain JSON, at most 4,096 bytes. Default `{}`, if the service's schema allows that. */
export type NewKeyMetadata<Input extends object> =
  Record<never, never> extends Input ? { readonly metadata?: Input } : { readonly metadata: Input };

/** The fields of a new key, without its metadata. */
export interface NewKeyFields<Environment extends string = string, Scope extends string = string> {
  /** A display name: 1 to 100 characters, no control characters. */
  readonly name: string;
  /** The organization or account that the key acts for: 1 to 255 characters. */
  readonly owner: string;
  readonly environment: Environment;
  /** Who creates the key, by an id of your service. */
  readonly actor: Actor;
  /** At most 100 scopes, of the characters that RFC 6750 §3 allows. Default: none. */
  readonly scopes?: readonly Scope[];
  /** When the key expires: in the future, up to the year 9999. Default: never. */
  readonly expiresAt?: Moment;
  /** Why, for the activity log: at most 500 characters. */
  readonly reason?: string;
  /** The id of the new key; `digest_taken` if another has it. Default: a random one. */
  readonly id?: string;
  /** A transaction of your service, for stores that can join one. */
  readonly transaction?: unknown;
}

/** Who makes a change, and why. */
export interface ActorOptions {
  readonly actor: Actor;
  /** Why, for the activity log: at most 500 characters. */
  readonly reason?: string;
}

/** Who makes a change, why, and how long the call waits until the change takes effect. */
export interface RevokeOptions extends ActorOptions {
  /**
   * `everywhere`: resolve once the change takes effect in every process. `commit`: resolve once it is
   * committed; `effect.effectiveBy` is then the time by which it takes effect. A number: wait for at most
   * that many milliseconds, 1 to 600,000, then resolve as with `commit`. Default `everywhere`.
   */
  readonly wait?: 'everywhere' | 'commit' | number;
}

/** The fields that an update changes. */
export interface KeyUpdate<Scope extends string = string, MetadataInput extends object = JsonObject>
  extends Omit<KeyChange<Scope, MetadataInput>, 'expiresAt'> {
  /** When the key expires, up to the year 9999. A past time expires it at once; `null` removes the expiry. */
  readonly expiresAt?: Moment | null;
}

export interface ChangeOptions extends RevokeOptions {
  /** A transaction of your service, for stores that can join one. */
  readonly transaction?: unknown;
}

export interface RotateOptions extends ActorOptions {
  /** A transaction of your service, for stores that can join one. */
  readonly transaction?: unknown;
  /**
   * Milliseconds after which the old key is refused: at most ten years, and not beyond the year 9999.
   * Without it, both keys work until one is revoked.
   */
  readonly graceMs?: number;
  /**
   * When the new key expires, up to the year 9999, or `null` for never.
   * Default: the expiry of the old key.
   */
  readonly expiresAt?: Moment | null;
  /** The id of the new key; `digest_taken` if another has it. Default: a random one. */
  readonly id?: string;
}

/** Which keys to list: those that match all filters. */
export interface KeyFilter<Environment extends string = string> {
  /** Items per page, 1 to 100. Default 20. */
  readonly limit?: number;
  /** The cursor of the previous page. */
  readonly cursor?: string;
  readonly environment?: Environment;
  readonly state?: KeyState;
  /** Text that the name contains. Case is ignored. */
  readonly text?: string;
  /** Keys that have an expiry before this moment. */
  readonly expiresBefore?: Moment;
  /** Keys that were created before this moment and not used since. */
  readonly unusedSince?: Moment;
}

/** Which events to list: those that match all filters. */
export interface ActivityFilter {
  /** Items per page, 1 to 100. Default 20. */
  readonly limit?: number;
  /** The cursor of the previous page. */
  readonly cursor?: string;
  readonly keyId?: string;
  readonly action?: ActivityAction;
  readonly actorId?: string;
  /** Events at this moment or later. */
  readonly from?: Moment;
  /** Events before this moment. */
  readonly to?: Moment;
}
