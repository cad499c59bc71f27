import { ALL_ACTIONS, createManagement, type Management, type StepUp } from 'keywright/management';
import type { DemoSession } from './accounts.ts';
import type { ProonKeys } from './keys.ts';

/** The address of the dashboard in which a signed-in user manages keys. */
export const SETTINGS = '/app/settings/api-keys';

/** What users may let their keys do. */
const SCOPES = ['profile:read', 'reports:read', 'reports:write'];

/**
 * The dashboard and its API, for the owner whom the session names: nothing in a request can name
 * another.
 */
export function proonSettings(
  keys: ProonKeys,
  sessions: DemoSession,
  { base, stepUp }: { readonly base: string; readonly stepUp: StepUp },
): Management {
  return createManagement({
    keys,
    basePath: SETTINGS,
    authorize({ headers }) {
      const session = sessions.find(headers.get('cookie'));
      if (session === undefined) return undefined;
      const { user, owner } = session;
      return { actor: { ...user }, owner, actions: ALL_ACTIONS, scopes: SCOPES };
    },
    stepUp,
    brand: { name: 'Proon', apiBaseUrl: `${base}/api/v1/me` },
  });
}
