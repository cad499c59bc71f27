import type { JsonObject } from '../../json.ts';
import type { ActivityAction, KeyRecord, KeyState } from '../../record.ts';

/** A key as the API returns it. */
export type ShownKey = KeyRecord & { readonly state: KeyState };

/** The session as the API returns it. */
export interface SessionInfo {
  readonly actor: { readonly id: string; readonly [detail: string]: unknown };
  readonly owner: string;
  readonly ownerName?: string;
  readonly actions: readonly string[];
  readonly scopes: readonly string[];
  readonly environments: readonly string[];
  readonly quota: number;
  readonly usageFlushMs: number;
  readonly requiresMetadata: boolean;
  readonly defaultExpiryMs?: number;
  readonly brand: {
    readonly name: string;
    /** The environment variable that samples keep a key in: `PROON_API_KEY`. */
    readonly variable: string;
    /** The address for the test command of a new key, by environment. */
    readonly apiUrls: Readonly<Record<string, string>>;
    readonly docsUrl?: string;
  };
  readonly texts: Readonly<Record<string, string>>;
  /** A regular expression that finds whole tokens. */
  readonly tokenPattern: string;
  readonly signInUrl?: string;
  readonly secondFactor?: {
    readonly operations: readonly string[];
    readonly enrolled: boolean;
    readonly recoveryCodesLeft?: number;
  };
}

export interface KeyQuery {
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: KeyState | undefined;
  readonly text?: string | undefined;
  readonly expiresBefore?: number | undefined;
  readonly unusedSince?: number | undefined;
}

export interface ActivityQuery {
  readonly keyId?: string | undefined;
  readonly action?: ActivityAction | undefined;
  readonly actorId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** A new key, with its token. */
export interface IssuedKey {
  readonly key: string;
  readonly record: ShownKey;
}

export interface WantedKey {
  readonly name: string;
  readonly environment: string;
  readonly scopes?: readonly string[];
  readonly expiresAt?: number;
  readonly metadata?: JsonObject | undefined;
}
