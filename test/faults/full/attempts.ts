import type { KeyStore } from 'keywright';
import { contradictionIn, holdingsOf } from '../holdings.ts';
import { actor, type Service, serviceOver } from '../operations.ts';

/** What keeps a store from writing. */
export interface Trouble {
  begin(): Promise<void>;
  end(): Promise<void>;
}

export interface Attempts {
  /** Tokens that were shown, before the trouble and in it. */
  readonly shown: number;
  readonly refused: number;
  readonly faults: readonly string[];
  /** What the refused were told. */
  readonly told: string;
}

const OWNER = 'org_1';
const BEFORE = 40;
/** Refusals that are waited for. */
const REFUSALS = 40;

/**
 * Makes and rotates keys until the trouble has refused enough of it, and then looks whether each
 * token that was shown has its key, and each refusal has left nothing.
 *
 * @param other the same database over another connection, which sees what was committed alone
 * @param most attempts at most
 * @throws Error if so few were refused that the trouble was none
 */
export async function attemptIn(
  trouble: Trouble,
  store: KeyStore,
  other: KeyStore,
  most = 20_000,
): Promise<Attempts> {
  const keys = serviceOver(store);
  const shown: { token: string; id: string }[] = [];
  const refused: string[] = [];
  const rotatable: string[] = [];
  let told = '';

  async function attempt(i: number): Promise<void> {
    const id = `key_${i}`;
    const old = i % 3 === 2 ? rotatable.at(-1) : undefined;
    try {
      const { secret } = await (old === undefined
        ? keys.create({ id, name: 'key', owner: OWNER, environment: 'live', actor })
        : keys.rotate(old, { id, actor }));
      shown.push({ token: secret.reveal(), id });
      if (old !== undefined) rotatable.pop();
      rotatable.push(id);
    } catch (error) {
      refused.push(id);
      told = String((error as Error).message);
    }
  }

  let i = 0;
  while (i < BEFORE) await attempt(i++);
  if (refused.length > 0) throw new Error(`refused before the trouble: ${told}`);
  await trouble.begin();
  while (refused.length < REFUSALS && i < most) await attempt(i++);
  await trouble.end();
  if (refused.length < REFUSALS) throw new Error('the trouble kept nothing from being written');
  const faults = await faultsIn(other, shown, refused);
  const [before, later] = [shown.length, refused.length];
  await attempt(i++);
  if (refused.length > later) faults.push(`no key could be made after it: ${told}`);
  await keys.close();
  return { shown: before, refused: later, faults, told };
}

async function faultsIn(
  store: KeyStore,
  shown: readonly { token: string; id: string }[],
  refused: readonly string[],
): Promise<string[]> {
  const keys: Service = serviceOver(store);
  const faults: string[] = [];
  for (const { token, id } of shown) {
    if (!(await keys.verify(token)).ok) faults.push(`the token of ${id} was shown without its key`);
  }
  for (const id of refused) {
    if ((await keys.get(id)) !== undefined) faults.push(`${id} was refused, and its key is there`);
  }
  const contradiction = contradictionIn(await holdingsOf(store, OWNER));
  if (contradiction !== undefined) faults.push(contradiction);
  const report = await keys.verifyActivity({ owner: OWNER });
  if (!report.ok) faults.push(`the chain: ${report.reason} at ${report.sequence}`);
  await keys.close();
  return faults;
}
