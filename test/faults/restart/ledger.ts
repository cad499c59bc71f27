import type { KeyStore } from 'keywright';
import { faultOf } from '../holdings.ts';
import type { Service } from '../operations.ts';

/** What the service has acknowledged of a key; `unsure` while a change of it has no answer. */
type Standing = 'living' | 'revoked' | 'unsure';

interface Entry {
  readonly id: string;
  readonly token: string;
  standing: Standing;
}

/** Keys as those know them who had the answers. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  add(id: string, token: string): void {
    this.#entries.set(id, { id, token, standing: 'living' });
  }

  set(id: string, standing: Standing): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.standing = standing;
  }

  /** A key of this standing, drawn by lot. */
  draw(standing: Standing): Entry | undefined {
    const all = [...this.#entries.values()].filter((entry) => entry.standing === standing);
    return all[Math.floor(Math.random() * all.length)];
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What of the acknowledged is not in the store. What was unsure is settled by what is there. */
  async faults(keys: Service, store: KeyStore): Promise<string[]> {
    const faults: string[] = [];
    const owners = new Set<string>();
    for (const entry of this.#entries.values()) {
      const record = await keys.get(entry.id);
      if (record === undefined) {
        faults.push(`${entry.id}, whose creation was acknowledged, is lost`);
        continue;
      }
      owners.add(record.owner);
      const found = record.revokedAt === undefined ? 'living' : 'revoked';
      if (entry.standing === 'unsure') entry.standing = found;
      if (entry.standing !== found) faults.push(`${entry.id} is ${found}, not ${entry.standing}`);
    }
    for (const owner of owners) {
      const fault = await faultOf({ keys, store }, owner);
      if (fault !== undefined) faults.push(fault);
    }
    return faults;
  }
}
