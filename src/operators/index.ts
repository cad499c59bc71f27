export type { OperatorFilter } from './all-keys.ts';
export { deliverActivity } from './deliver-activity.ts';
export type {
  DeliverActivityOptions,
  DeliverEvents,
  DeliveryContext,
  DeliveryFailure,
  DeliveryReport,
} from './delivery-options.ts';
export { identifyToken } from './identify-token.ts';
export { type AllKeysFilter, listAllKeys } from './list-all-keys.ts';
export {
  type RevocationCounts,
  type RevokedEverywhere,
  type RevokeWhereOptions,
  revokeWhere,
} from './revoke-where.ts';
