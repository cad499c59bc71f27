import { invalid } from '../errors.ts';
import { defined, type JsonObject } from '../json.ts';
import type { Actor } from '../record.ts';
import {
  checkActor,
  checkMetadata,
  checkOneOf,
  checkOwner,
  checkText,
} from '../service/arguments.ts';
import { Refusal } from './refusal.ts';

/** An action that a session can be allowed to perform. */
export type ManagementAction = 'read' | 'create' | 'update' | 'rotate' | 'revoke';

/** All actions, for applications whose users may do everything. */
export const ALL_ACTIONS: readonly ManagementAction[] = Object.freeze([
  'read',
  'create',
  'update',
  'rotate',
  'revoke',
]);

/** Who sent a request and what they may do, as your application's session says. */
export interface Authorization {
  /** Who is signed in. Recorded in the activity log and in `createdBy`. */
  readonly actor: Actor;
  /** The owner whose keys they manage. */
  readonly owner: string;
  /** A readable name of the owner: `Acme Inc.` Default: the dashboard shows the owner's id. */
  readonly ownerName?: string;
  /** The actions they may perform. Default: none. */
  readonly actions?: readonly ManagementAction[];
  /** The scopes they may grant to keys. Default: none. */
  readonly scopes?: readonly string[];
  /**
   * Metadata of every key that this session creates: `{ plan: 'pro' }`. On create, and on an update that
   * sets metadata, these members replace members of the same name in the request. Default `{}`.
   */
  readonly metadata?: JsonObject;
}

/** Returns who sent a request; `undefined` or `null` if the sender is not signed in. */
export type Authorize = (
  request: Request,
) => Authorization | undefined | null | Promise<Authorization | undefined | null>;

/** An {@link Authorization} that has been checked. */
export type Session = Required<Omit<Authorization, 'ownerName'>> & Pick<Authorization, 'ownerName'>;

/**
 * Reads the session of a request.
 *
 * @throws Refusal `unauthorized` without a session; `internal` if the application's callback fails or
 * returns an invalid value.
 */
export async function readSession(authorize: Authorize, request: Request): Promise<Session> {
  let given: Authorization | undefined | null;
  try {
    given = await authorize(request);
    if (given) return sessionOf(given);
  } catch (cause) {
    throw new Refusal('internal', 'The session could not be read.', { cause });
  }
  throw new Refusal('unauthorized', 'Sign in to manage API keys.');
}

function sessionOf(given: Authorization): Session {
  const { actor, owner, ownerName, actions = [], scopes = [], metadata } = given;
  if (ownerName !== undefined) checkText(ownerName, 'ownerName', 255);
  return {
    actor: checkActor(actor),
    owner: checkOwner(owner),
    actions: checkTexts(actions, 'actions').map((action) =>
      checkOneOf(action, 'actions', ALL_ACTIONS),
    ),
    scopes: checkTexts(scopes, 'scopes'),
    metadata: metadata === undefined ? {} : checkMetadata(metadata),
    ...defined({ ownerName }),
  };
}

/** Refuses a single string, such as an OAuth `scope` claim: its `includes()` would match substrings. */
function checkTexts(value: unknown, argument: string): readonly string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return [...value];
  throw invalid(`authorize(): ${argument}`, 'must be an array of strings');
}

/** @throws Refusal `forbidden` unless the session may perform the action. */
export function assertAllowed({ actions }: Session, action: ManagementAction | undefined): void {
  if (action === undefined || actions.includes(action)) return;
  throw new Refusal('forbidden', `Your account may not ${action} API keys.`);
}

/** Merges the session's metadata into that of the request. Without any, `metadata` stays absent. */
export function withMetadata<Given extends { readonly metadata?: JsonObject }>(
  session: Session,
  given: Given,
): Given {
  const metadata = { ...given.metadata, ...session.metadata };
  return Object.keys(metadata).length === 0 ? given : { ...given, metadata };
}

/** Whether the session may grant all of the scopes. */
export function mayGrant(session: Session, scopes: readonly string[]): boolean {
  return scopes.every((scope) => session.scopes.includes(scope));
}

/** @throws Refusal `scope_not_grantable` unless the session may grant all of the scopes. */
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
