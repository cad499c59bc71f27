import type { JsonObject } from '../json.ts';
import type { ActivityAction, Actor, KeyState } from '../record.ts';

/** A key to be created. */
export type NewKey<
  Environment extends string = string,
  Scope extends string = string,
  MetadataInput extends object = JsonObject,
> = NewKeyFields<Environment, Scope> & NewKeyMetadata<MetadataInput>;

/** Plain JSON, at most 4,096 bytes. Default `{}`, where the service's schema allows that. */
export type NewKeyMetadata<Input extends object> =
  Record<never, never> extends Input ? { readonly metadata?: Input } : { readonly metadata: Input };

/** What a key to be created is, but for its metadata. */
export interface NewKeyFields<Environment extends string = string, Scope extends string = string> {
  /** What people call it: 1 to 100 characters, no control characters. */
  readonly name: string;
  /** The organization or account that the key speaks for: 1 to 255 characters. */
  readonly owner: string;
  readonly environment: Environment;
  /** Who creates it, as the host knows them. */
  readonly actor: Actor;
  /** At most 100, each of the characters that RFC 6750 §3 allows in a scope. Default none. */
  readonly scopes?: readonly Scope[];
  /** Epoch milliseconds from which on the key is refused, up to the year 9999. Default never. */
  readonly expiresAt?: number;
  /** Why, for the activity log: at most 500 characters. */
  readonly reason?: string;
  /** The id of the new key; `digest_taken` if another has it. Default: one that is drawn. */
  readonly id?: string;
  /** A transaction of the host, on stores that can join one. */
  readonly transaction?: unknown;
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
  /**
   * Milliseconds after which the old key is refused: at most ten years, and not beyond the year 9999.
   * Without it, both work until one is revoked.
   */
  readonly graceMs?: number;
  /**
   * When the new key expires, in epoch milliseconds up to the year 9999, or `null` for never.
   * Default: when the old key would have.
   */
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
