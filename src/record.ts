import type { JsonObject, JsonValue } from './json.ts';

/** Who makes a change: an id of your service, and plain data for auditors. */
export interface Actor {
  readonly id: string;
  readonly [detail: string]: JsonValue;
}

/** A key as the API returns it. All times are epoch milliseconds. */
export interface KeyRecord<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> {
  readonly id: string;
  /** A display name: 1 to 100 characters. Not unique. */
  readonly name: string;
  /** The organization or account that the key acts for. */
  readonly owner: string;
  readonly environment: Environment;
  /** The start of the token, to recognize a key by: `prn_live_4f8a`. */
  readonly hint: string;
  readonly scopes: readonly Scope[];
  readonly metadata: Metadata;
  /** A disabled key is refused until it is enabled again. */
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly createdBy: Actor;
  /** The first moment at which the key is refused; absent if it does not expire. */
  readonly expiresAt?: number;
  /** When the key was last used, as of the last flush; absent before the first use is flushed. */
  readonly lastUsedAt?: number;
  /** When the key was permanently revoked; absent if it was not. */
  readonly revokedAt?: number;
  /** The id of the key that this one replaces, if it was created by a rotation. */
  readonly replaces?: string;
  /** The id of this key's newest successor, and the time of the rotation. */
  readonly replacedBy?: string;
  readonly replacedAt?: number;
}

/** A record as a store keeps it, with its digest. */
export interface StoredKey extends KeyRecord {
  /** SHA-256 of the token, 64 characters of lower-case hex. */
  readonly digest: string;
}

/** The part of a record that a verification reads. */
export type VerifiableKey = Pick<
  StoredKey,
  | 'id'
  | 'digest'
  | 'name'
  | 'owner'
  | 'environment'
  | 'scopes'
  | 'metadata'
  | 'enabled'
  | 'expiresAt'
  | 'revokedAt'
  | 'replacedBy'
  | 'replacedAt'
>;

/** The key and owner behind a verified token. */
export interface Principal<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> {
  readonly keyId: string;
  readonly name: string;
  readonly owner: string;
  readonly environment: Environment;
  readonly scopes: readonly Scope[];
  readonly metadata: Metadata;
}

export const KEY_STATES = ['active', 'disabled', 'expired', 'revoked'] as const;

/** The state of a key. Only an `active` one is accepted. */
export type KeyState = (typeof KEY_STATES)[number];

/** The state of a key at the time `now`; if several apply, the most final one. */
export function keyState(
  key: Pick<KeyRecord, 'revokedAt' | 'expiresAt' | 'enabled'>,
  now: number,
): KeyState {
  if (key.revokedAt !== undefined) return 'revoked';
  // `NaN` counts as expired.
  if (key.expiresAt !== undefined && !(now < key.expiresAt)) return 'expired';
  return key.enabled ? 'active' : 'disabled';
}

/** The fields that an update can change. `expiresAt` is at most the year 9999; `null` removes it. */
export interface KeyChange<Scope extends string = string, Metadata extends object = JsonObject> {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  readonly metadata?: Metadata;
  readonly enabled?: boolean;
  readonly expiresAt?: number | null;
}

/** The actions of all events; `docs/guide/activity.md` explains each. */
export const ACTIVITY_ACTIONS = [
  'key.created',
  'key.imported',
  'key.updated',
  'key.rotated',
  'key.revoked',
  'activity.erased',
  'factor.begun',
  'factor.enrolled',
  'factor.passed',
  'factor.failed',
  'factor.locked',
  'factor.recovered',
  'factor.renewed',
  'factor.disabled',
  'factor.reset',
] as const;

/** What happened, in an event of the activity log. */
export type ActivityAction = (typeof ACTIVITY_ACTIONS)[number];

/** What can happen to a second factor. */
export type FactorAction = Extract<ActivityAction, `factor.${string}`>;

/**
 * One entry of an owner's activity log. It contains everything needed to verify its place in the chain, so
 * an exported log can be verified without this library; `docs/guide/activity.md` has the canonical form.
 */
export interface ActivityEvent {
  /** The event's digest in the chain, 64 characters of lower-case hex. */
  readonly id: string;
  /** 1 for the owner's first event, increasing by 1. */
  readonly sequence: number;
  readonly at: number;
  readonly action: ActivityAction;
  readonly owner: string;
  /** The key that was changed; absent if the event does not concern a single key. */
  readonly keyId?: string;
  /** The name of the key before the change. */
  readonly keyName?: string;
  readonly actor: Actor;
  /** The `reason` that was passed with the change. */
  readonly reason?: string;
  /** On `key.updated`: the new values of the fields that changed. */
  readonly change?: KeyChange;
  /** On `key.rotated`: the id of the successor. */
  readonly successorId?: string;
  /** On `key.rotated` with a grace: when the predecessor is refused. */
  readonly graceEndsAt?: number;
  /** Random text that is hashed with the erasable part, so that its digest reveals nothing. */
  readonly salt?: string;
  /** Present instead of the salt once the personal data of the event has been erased. */
  readonly erased?: { readonly payloadDigest: string };
}

/** The newest link of an owner's chain. Keep a copy outside the database to detect a rewritten log. */
export interface ChainHead {
  /** How many events the owner has; 0 if none. */
  readonly sequence: number;
  /** The id of the newest event; 64 zeros if there is none. */
  readonly digest: string;
}

/** The owner and actor of a second factor. */
export interface FactorRef {
  readonly owner: string;
  readonly actorId: string;
}

/** A second factor as a store keeps it: text that the store does not interpret. */
export interface FactorDocument {
  /** The sequence of the event that wrote it, so an owner's versions never repeat. */
  readonly version: number;
  /** Text of at most 16,384 bytes. */
  readonly value: string;
}

/** One page of a list, and the cursor of the next; no cursor on the last page. */
export interface Page<Item> {
  readonly items: Item[];
  readonly cursor?: string;
}
