import { generateToken, type tokenFormat } from 'keywright';
import type { Ledger } from './ledger.ts';
import type { Site } from './site.ts';

const VERIFICATIONS_A_SECOND = 200;
const MUTATIONS_A_SECOND = 2;

/** How the server is: `down` from when it is killed until it is told to start. */
export type Condition = 'up' | 'down' | 'starting';

/** Requests as clients send them, and all that was wrong with the answers. */
export class Traffic {
  readonly faults: string[] = [];
  /** Answers by status. */
  readonly answers: Record<number, number> = {};
  acknowledged = 0;
  /** When a verification began that was answered 503, the last time. */
  last503 = 0;
  condition: Condition = 'up';
  readonly #site: Site;
  readonly #ledger: Ledger;
  readonly #format: ReturnType<typeof tokenFormat>;
  readonly #admin: string;
  readonly #verifications = new Set<Promise<void>>();
  readonly #changes = new Set<Promise<void>>();
  #held = false;
  readonly #timers: NodeJS.Timeout[];

  /** @param admin the token with which keys are changed */
  constructor(site: Site, ledger: Ledger, format: ReturnType<typeof tokenFormat>, admin: string) {
    this.#site = site;
    this.#ledger = ledger;
    this.#format = format;
    this.#admin = admin;
    this.#timers = [
      paced(VERIFICATIONS_A_SECOND, () => this.#begin(this.#verifications, this.#verify())),
      paced(MUTATIONS_A_SECOND, () => {
        if (!this.#held) this.#begin(this.#changes, this.#change());
      }),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#verifications, ...this.#changes]);
  }

  /** Looks at keys and events while none changes: they are not read in one. */
  async betweenChanges<Seen>(look: () => Promise<Seen>): Promise<Seen> {
    this.#held = true;
    try {
      await Promise.all(this.#changes);
      return await look();
    } finally {
      this.#held = false;
    }
  }

  #begin(under: Set<Promise<void>>, work: Promise<void>): void {
    const done = work.catch((error: unknown) => {
      this.faults.push(`no answer: ${error}`);
    });
    under.add(done);
    done.finally(() => under.delete(done)).catch(() => {});
  }

  async #verify(): Promise<void> {
    const lot = Math.random();
    const entry = lot < 0.9 ? this.#ledger.draw(lot < 0.6 ? 'living' : 'revoked') : undefined;
    const standing = entry?.standing ?? 'revoked';
    const [began, condition] = [performance.now(), this.condition];
    const status = await this.#site.verify(entry?.token ?? generateToken(this.#format, 'live'));
    this.answers[status] = (this.answers[status] ?? 0) + 1;
    if (status === 503) this.last503 = Math.max(this.last503, began);
    const isDown = condition === 'down' && this.condition === 'down';
    if (isDown && status !== 503) this.faults.push(`${status} while the server was down`);
    // A change that began meanwhile may have been seen or not.
    if (entry?.standing !== standing && entry !== undefined) return;
    if (status !== 503 && status !== (standing === 'living' ? 200 : 401)) {
      this.faults.push(`${status} for a key that was ${standing}`);
    }
  }

  async #change(): Promise<void> {
    const lot = Math.random();
    const target = lot < 0.5 ? undefined : this.#ledger.draw('living');
    if (target === undefined) return this.#create();
    const action = lot < 0.75 ? 'rotate' : 'revoke';
    if (action === 'revoke') this.#ledger.set(target.id, 'unsure');
    const made = await this.#site.change(this.#admin, action, target.id);
    if (typeof made === 'number') return this.#refused(made);
    this.acknowledged++;
    if (action === 'revoke') this.#ledger.set(target.id, 'revoked');
    if (made.token !== undefined) this.#ledger.add(made.id, made.token);
  }

  async #create(): Promise<void> {
    const made = await this.#site.change(this.#admin, 'create');
    if (typeof made === 'number') return this.#refused(made);
    this.acknowledged++;
    this.#ledger.add(made.id, made.token ?? '');
  }

  #refused(status: number): void {
    if (status !== 503 && status !== 409) this.faults.push(`${status} for a change`);
  }
}

/** Calls `begin` so many times a second, also where timers come late. */
function paced(rate: number, begin: () => void): NodeJS.Timeout {
  const start = performance.now();
  let begun = 0;
  return setInterval(() => {
    const due = ((performance.now() - start) / 1000) * rate;
    for (; begun < due; begun++) begin();
  }, 5);
}
