import { ALL_ACTIONS, createManagement, type Management, type StepUp } from 'keywright/management';
import { accountOf, type DemoSession } from './accounts.ts';
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
      const ownerName = accountOf(owner)?.name ?? owner;
      return { actor: { ...user }, owner, ownerName, actions: ALL_ACTIONS, scopes: SCOPES };
    },
    stepUp,
    signInUrl: '/',
    brand: { name: 'ProoN', apiUrl: { live: `${base}/api/v1/me` } },
    guide: {
      dashboardUrl: `${SETTINGS}/`,
      sampleAnswer: {
        owner: { id: 'org_acme', name: 'Acme Inc.', plan: 'team' },
        key: { name: 'Zapier production', environment: 'live' },
      },
    },
  });
}
