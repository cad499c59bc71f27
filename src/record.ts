import type { JsonObject, JsonValue } from './json.ts';

/** Who does something, as the host knows them: an id, and whatever plain data helps an auditor. */
export interface Actor {
  readonly id: string;
  readonly [detail: string]: JsonValue;
}

/** What is known of a key. All times are epoch milliseconds. */
export interface KeyRecord<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> {
  readonly id: string;
  /** What people call it: 1 to 100 characters. Not unique. */
  readonly name: string;
  /** The organization or account that the key speaks for. */
  readonly owner: string;
  readonly environment: Environment;
  /** The start of the token, enough to recognize a key by: `prn_live_4f8a`. */
  readonly hint: string;
  readonly scopes: readonly Scope[];
  readonly metadata: Metadata;
  /** A disabled key is refused until it is enabled again. */
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly createdBy: Actor;
  /** The first moment at which the key is refused; absent if it does not expire. */
  readonly expiresAt?: number;
  /** The newest use that has been flushed; absent before the first. */
  readonly lastUsedAt?: number;
  /** When the key was revoked. Nothing takes that back. */
  readonly revokedAt?: number;
  /** The id of the key that this one succeeded. */
  readonly replaces?: string;
  /** The id of this key's newest successor, and when the rotation took place. */
  readonly replacedBy?: string;
  readonly replacedAt?: number;
}

/** A record as a store keeps it: with the digest it is found by. */
export interface StoredKey extends KeyRecord {
  /** SHA-256 of the token, 64 characters of lower-case hex. */
  readonly digest: string;
}

/** Whom a verified token speaks for. */
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

/** What has become of a key. Only an `active` one lets a request in. */
export type KeyState = 'active' | 'disabled' | 'expired' | 'revoked';

/** The state of a key at the time `now`; where several hold, the most final one. */
export function keyState(
  key: Pick<KeyRecord, 'revokedAt' | 'expiresAt' | 'enabled'>,
  now: number,
): KeyState {
  if (key.revokedAt !== undefined) return 'revoked';
  // Put so that a clock that gives no number lets nobody in.
  if (key.expiresAt !== undefined && !(now < key.expiresAt)) return 'expired';
  return key.enabled ? 'active' : 'disabled';
}

/** What an update can change; the expiry up to the year 9999, and `null` takes it away. */
export interface KeyChange<Scope extends string = string, Metadata extends object = JsonObject> {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  readonly metadata?: Metadata;
  readonly enabled?: boolean;
  readonly expiresAt?: number | null;
}

/** Everything that an event can tell of; `docs/guide/activity.md` says what each means. */
export const ACTIVITY_ACTIONS = [
  'key.created',
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
 * One entry of an owner's activity log. It says everything needed to verify its place in the
 * chain, so an exported log can be checked without this library; `docs/guide/activity.md` gives
 * the canonical form.
 */
export interface ActivityEvent {
  /** The event's digest in the chain, 64 characters of lower-case hex. */
  readonly id: string;
  /** 1 for the owner's first event, and one more for each that follows. */
  readonly sequence: number;
  readonly at: number;
  readonly action: ActivityAction;
  readonly owner: string;
  /** The key that was changed; absent where the event is about no single key. */
  readonly keyId?: string;
  /** What the key was called when it happened. */
  readonly keyName?: string;
  readonly actor: Actor;
  /** What the actor gave as the reason. */
  readonly reason?: string;
  /** On `key.updated`: the new values of the fields that changed. */
  readonly change?: KeyChange;
  /** On `key.rotated`: the id of the key that came of it. */
  readonly successorId?: string;
  /** On `key.rotated` with a grace: the end of the predecessor. */
  readonly graceEndsAt?: number;
  /** Random text hashed along with the erasable part, so that its digest gives nothing away. */
  readonly salt?: string;
  /** Present instead of the salt once the personal data of the event was erased. */
  readonly erased?: { readonly payloadDigest: string };
}

/** The newest link of an owner's chain: what to anchor outside. */
export interface ChainHead {
  /** How many events the owner has; 0 if none. */
  readonly sequence: number;
  /** The id of the newest event; 64 zeros if there is none. */
  readonly digest: string;
}

/** Whose second factor. */
export interface FactorRef {
  readonly owner: string;
  readonly actorId: string;
}

/** A second factor as a store keeps it: text that it does not read. */
export interface FactorDocument {
  /** The sequence of the event that its write left: no version of an owner's ever comes again. */
  readonly version: number;
  /** Text of at most 16,384 bytes. */
  readonly value: string;
}

/** What becomes of a second factor. */
export interface FactorChange {
  /** The version that it was decided on; `undefined` where there was no document. */
  readonly seen: number | undefined;
  /** `undefined` takes the document away. */
  readonly value: string | undefined;
  readonly action: FactorAction;
}

/** One page of a listing, and where the next begins; no cursor on the last page. */
export interface Page<Item> {
  readonly items: Item[];
  readonly cursor?: string;
}
