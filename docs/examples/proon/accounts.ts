import { randomUUID } from 'node:crypto';

/** What ProoN knows of its customers. A real service has a database for this. */
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

/** Who is signed in to ProoN's own pages: its user, and the organization that the user manages. */
export interface Session {
  readonly user: { readonly id: string; readonly name: string };
  readonly owner: string;
}

const ADA: Session = { user: { id: 'user_ada', name: 'Ada' }, owner: 'org_acme' };

/** The sessions of the demo: one, with a ticket that opens it in a browser. */
export class DemoSession {
  readonly id = randomUUID();
  /** The secret part of the sign-in link, which works as long as the demo runs. */
  readonly ticket = randomUUID();

  /** The cookie that signs Ada in. */
  get cookie(): string {
    return `session=${this.id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  /** The session that a request's cookie names. */
  find(cookie: string | null | undefined): Session | undefined {
    return cookie?.split(/; */).includes(`session=${this.id}`) ? ADA : undefined;
  }
}
