export { contextOf } from './bridge/context.ts';
export { managementPlugin } from './bridge/fastify.ts';
export { toHonoHandler } from './bridge/hono.ts';
export { toKoaMiddleware } from './bridge/koa.ts';
export { type NodeHandler, toNodeHandler } from './bridge/node.ts';
export type { GuideOptions } from './guide/options.ts';
export { GUIDE_TEXTS, type GuideTexts } from './guide/texts.ts';
export { createManagement, type Management, type MountedHandler } from './management.ts';
export type { Brand, ManagedKeys, ManagementOptions } from './options.ts';
export type { ManagementErrorCode } from './refusal.ts';
export {
  ALL_ACTIONS,
  type Authorization,
  type Authorize,
  type ManagementAction,
  type Session,
} from './session.ts';
export type {
  CodeCall,
  Enrollment,
  GuardedAction,
  RecoveryCodes,
  SecondFactorCall,
  SecondFactorFailure,
  SecondFactorOperations,
  SecondFactorOutcome,
  SecondFactorStatus,
  StepUp,
  StepUpVerdict,
  Verified,
} from './step-up.ts';
