/* Limits of keys and their events. Lengths of strings are in code points. */

export const MAX_ID_LENGTH = 255;
/** A format's longest prefix has 66 characters, and its hints four more. */
export const MAX_HINT_LENGTH = 70;
export const MAX_NAME_LENGTH = 100;
export const MAX_REASON_LENGTH = 500;

export const MAX_SCOPES = 100;
/** RFC 6750 §3: scope-token is printable ASCII without space, quote and backslash. */
export const SCOPE = /^[!#-[\]-~]{1,100}$/;

export const MAX_METADATA_BYTES = 4096;

export const MAX_GRACE_MS = 10 * 365 * 86_400_000;

/** The end of the year 9999 in epoch milliseconds: HTTP dates have four-digit years (RFC 9110 §5.6.7). */
export const LAST_EXPIRY = 253_402_300_799_999;

/** Items per page of a list. */
export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 20;
export const MAX_CURSOR_LENGTH = 512;

/** Characters of a second-factor code, from an authenticator or a recovery code. */
export const MAX_CODE_LENGTH = 64;
