export { type Clock, systemClock } from './clock.ts';
export { digestsEqual } from './digest/equal.ts';
export { digestToken } from './digest/sha256.ts';
export { type ErrorCode, hasCode, KeywrightError } from './errors.ts';
export { type AuthorizationLines, parseAuthorization } from './http/credentials.ts';
export { type HttpRefusal, type UnauthorizedOptions, unauthorized } from './http/refusal.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type {
  ActivityAction,
  ActivityEvent,
  Actor,
  ChainHead,
  FactorAction,
  FactorChange,
  FactorDocument,
  FactorRef,
  KeyChange,
  KeyRecord,
  KeyState,
  Page,
  Principal,
  StoredKey,
} from './record.ts';
export { keyState } from './record.ts';
export type { Secret } from './secret.ts';
export { type ApiKeysOptions, createApiKeys } from './service/api-keys.ts';
export type {
  ApiKeys,
  Authentication,
  ChainReport,
  CreatedKey,
  OwnerKeys,
  Requirement,
  RotatedKey,
  Verification,
} from './service/contract.ts';
export type { KeywrightEvent, OnEvent } from './service/hooks.ts';
export type {
  ActivityFilter,
  By,
  ChangeOptions,
  KeyFilter,
  NewKey,
  RotateOptions,
} from './service/input.ts';
export type { MetadataSchema } from './service/metadata.ts';
export type {
  ActivityQuery,
  ChangeFeed,
  FactorStore,
  KeyQuery,
  KeyRef,
  KeyStore,
  RotateOutcome,
  RotateRefusal,
  Successor,
  Trace,
  TransactionOptions,
  UpdateOutcome,
} from './store.ts';
export { memoryStore } from './stores/memory.ts';
export {
  type TokenFormat,
  type TokenFormatOptions,
  type TokenPrefix,
  tokenFormat,
} from './token/format.ts';
export { generateToken } from './token/generate.ts';
export { type ParsedToken, parseToken } from './token/parse.ts';
export type { RandomSource } from './token/random.ts';
export type { RefusalReason } from './verify.ts';
