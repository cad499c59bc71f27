/** What Proon knows of its customers. A real service has a database for this. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly plan: string;
}

const ACCOUNTS = new Map<string, Account>([
  ['org_acme', { id: 'org_acme', name: 'Acme Inc.', plan: 'team' }],
]);

export function accountOf(owner: string): Account | undefined {
  return ACCOUNTS.get(owner);
}

/** Who is signed in to Proon's own pages: its user, and the organization that the user manages. */
export interface Session {
  readonly userId: string;
  readonly owner: string;
}

/** Finds the session that a request's cookie names. */
export type FindSession = (cookie: string | undefined) => Session | undefined;

/** The sessions of the demo: one, with the given id. */
export function demoSession(id: string): FindSession {
  return (cookie = '') => {
    const named = cookie.split(/; */).includes(`session=${id}`);
    return named ? { userId: 'user_ada', owner: 'org_acme' } : undefined;
  };
}
