export { type Clock, systemClock } from './clock.ts';
export { digestsEqual } from './digest/equal.ts';
export { type LegacyFormat, type LegacyFormatOptions, legacyFormat } from './digest/legacy.ts';
export { digestToken } from './digest/sha256.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  hasCode,
  isKeywrightError,
  KeywrightError,
} from './errors.ts';
export {
  type AuthorizationLines,
  type HeaderLines,
  type PresentedLines,
  parseAuthorization,
} from './http/credentials.ts';
export { type HttpRefusal, type UnauthorizedOptions, unauthorized } from './http/refusal.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type {
  ActivityAction,
  ActivityEvent,
  Actor,
  ChainHead,
  FactorAction,
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
export type { ChangeEffect } from './rules/barrier.ts';
export type { Secret } from './secret.ts';
export { type ApiKeysOptions, createApiKeys } from './service/api-keys.ts';
export { checkStore } from './service/check-store.ts';
export type {
  ApiKeys,
  Authentication,
  ChainReport,
  ChangedKey,
  CreatedKey,
  OwnerKeys,
  Requirement,
  RevokedKeys,
  RotatedKey,
  Verification,
} from './service/contract.ts';
export type { KeywrightEvent, OnEvent } from './service/hooks.ts';
export type {
  ActivityFilter,
  ActorOptions,
  ChangeOptions,
  KeyFilter,
  KeyUpdate,
  Moment,
  NewKey,
  RevokeOptions,
  RotateOptions,
} from './service/input.ts';
export type { MetadataSchema } from './service/metadata.ts';
export type { KeyStore } from './store.ts';
export type { StoreFinding, StoreFindingCode } from './store-finding.ts';
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
