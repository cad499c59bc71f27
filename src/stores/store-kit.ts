/** For authors of a store: the types of {@link KeyStore}, and functions that all stores share. */

export type {
  ChangeFeed,
  FeedMember,
  FeedMembers,
  FeedPoll,
  FeedRead,
  FeedShard,
} from '../change-feed.ts';
export type {
  ClaimOutcome,
  ClaimProgress,
  ClaimRef,
  ClaimRequest,
  DeliveryClaim,
  DeliveryQueue,
} from '../delivery-queue.ts';
export { EMPTY_HEAD, eraseEvent, headAfter } from '../digest/chain.ts';
export type {
  ActivityEvent,
  ChainHead,
  FactorDocument,
  Page,
  StoredKey,
  VerifiableKey,
} from '../record.ts';
export { matchesEvent, matchesKey } from '../rules/match.ts';
export type {
  ActivityQuery,
  AllKeysFilters,
  AllKeysQuery,
  Change,
  ChangeScope,
  CommitResult,
  FactorWrite,
  KeyFilters,
  KeyQuery,
  KeyRef,
  KeyReplacement,
  KeyStore,
  View,
  ViewQuery,
} from '../store.ts';
export type { StoreFinding, StoreFindingCode } from '../store-finding.ts';
export { foldText } from '../text-folding.ts';
export { pageOfAll } from './all-keys.ts';
export {
  type AllKeysPlace,
  activityCursor,
  allKeysCursor,
  type KeyPlace,
  keyCursor,
  readActivityCursor,
  readAllKeysCursor,
  readKeyCursor,
} from './cursor.ts';
export { drawMark, MOST_RECENT } from './feed-mark.ts';
export { pageOf } from './page.ts';
