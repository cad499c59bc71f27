import type { Actor } from '../record.ts';
import { checkActor, checkOwner } from '../service/arguments.ts';
import { Refusal } from './refusal.ts';

/** What a session can be allowed to do. */
export type ManagementAction = 'read' | 'create' | 'update' | 'rotate' | 'revoke';

/** All that a session can be allowed to do, for hosts whose users may do everything. */
export const ALL_ACTIONS: readonly ManagementAction[] = Object.freeze([
  'read',
  'create',
  'update',
  'rotate',
  'revoke',
]);

/** What the host knows of a request from its own session. */
export interface Authorization {
  /** Who is signed in: what the activity log and `createdBy` will say. */
  readonly actor: Actor;
  /** Whose keys they manage. */
  readonly owner: string;
  /** What they may do. Default nothing. */
  readonly actions?: readonly ManagementAction[];
  /** The scopes that they may give to keys. Default none. */
  readonly scopes?: readonly string[];
}

/** Tells who a request comes from, or that nobody is signed in. */
export type Authorize = (
  request: Request,
) => Authorization | undefined | null | Promise<Authorization | undefined | null>;

/** An {@link Authorization} that has been checked. */
export type Session = Required<Authorization>;

/**
 * The session of a request.
 *
 * @throws Refusal `unauthorized` without one, `internal` where the host's callback fails or gives
 * something else.
 */
export async function admit(authorize: Authorize, request: Request): Promise<Session> {
  let given: Authorization | undefined | null;
  try {
    given = await authorize(request);
    if (given) return sessionOf(given);
  } catch (cause) {
    throw new Refusal('internal', 'The session could not be read.', { cause });
  }
  throw new Refusal('unauthorized', 'Sign in to manage API keys.');
}

function sessionOf({ actor, owner, actions = [], scopes = [] }: Authorization): Session {
  return { actor: checkActor(actor), owner: checkOwner(owner), actions, scopes };
}

/** @throws Refusal `forbidden` unless the session may do this. */
export function assertAllowed({ actions }: Session, action: ManagementAction | undefined): void {
  if (action === undefined || actions.includes(action)) return;
  throw new Refusal('forbidden', `Your account may not ${action} API keys.`);
}

/** Whether the session may give all of the scopes to a key. */
export function mayGrant(session: Session, scopes: readonly string[]): boolean {
  return scopes.every((scope) => session.scopes.includes(scope));
}

/** @throws Refusal `scope_not_grantable` unless the session may give all of the scopes to a key. */
export function assertGrantable(session: Session, scopes: readonly string[] = []): void {
  if (!mayGrant(session, scopes)) throw notGrantable();
}

export function notGrantable(): Refusal {
  return new Refusal(
    'scope_not_grantable',
    'Your account may not give a key all of these scopes.',
    { argument: 'scopes' },
  );
}
