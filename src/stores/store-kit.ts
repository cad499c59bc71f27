/** What stores are made of: the rules of each change, the chain of events, the cursors of pages. */
export {
  EMPTY_HEAD,
  ERASED_ACTOR,
  eraseEvent,
  headAfter,
  sealEvent,
  type UnsealedEvent,
} from '../digest/chain.ts';
export {
  activityCursor,
  type KeyPlace,
  keyCursor,
  readActivityCursor,
  readKeyCursor,
} from './cursor.ts';
export {
  changedKey,
  keyEvent,
  ownerEvent,
  replacedKey,
  rotationEvent,
  rotationRefusal,
  successorKey,
} from './transition.ts';
