import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { MAX_PAGE } from '../limits.ts';
import type { StoredKey } from '../record.ts';
import { matchesKey } from '../rules/match.ts';
import { revokeAllRule } from '../rules/revoke.ts';
import type { ApiKeys, RevokedKeys } from '../service/contract.ts';
import { serviceOf } from '../service/handle.ts';
import type { ActorOptions } from '../service/input.ts';
import type { Service } from '../service/service.ts';
import type { AllKeysFilters } from '../store.ts';
import { OPERATOR_FILTERS, type OperatorFilter, readAllKeys } from './all-keys.ts';

/** The progress of {@link revokeWhere}. */
export interface RevocationCounts {
  /** Keys that were read, including keys that were already revoked. */
  readonly read: number;
  /** Owners whose keys were revoked, with one commit each. */
  readonly owners: number;
  readonly revoked: number;
}

/** Options of {@link revokeWhere}. */
export interface RevokeWhereOptions extends ActorOptions {
  /** Called after each commit, and after each page of keys. */
  readonly onProgress?: (counts: RevocationCounts) => void;
}

/** How many keys of how many owners were revoked, and when every process refuses them. */
export interface RevokedEverywhere extends RevocationCounts, RevokedKeys {}

/** Owners whose keys are revoked concurrently. */
const CONCURRENCY = 4;

/**
 * Revokes the keys of all owners that match the filter, for good. Each owner's keys are revoked in one
 * commit, with one `key.revoked` event for each key. Every verification that begins after it has resolved
 * refuses these keys, in every process on the same store.
 *
 * After a failure or a kill, run it again. It skips keys that are already revoked, but waits until they are
 * refused everywhere too. A key created during the run is revoked if its owner has not been processed yet.
 * So run it again until it revokes none.
 *
 * @param filter at least one field. To revoke every key of one owner, use `revokeAll`.
 * @example
 * ```ts
 * const { revoked, owners } = await revokeWhere(
 *   keys,
 *   { createdBy: 'user_eve' },
 *   { actor: { id: 'user_ada' }, reason: 'left the company' },
 * );
 * console.log(`${revoked} keys of ${owners} owners`);
 * ```
 * Rejects with `invalid_argument` for wrong arguments, a filter without a field, or a store without
 * `listAll`. Rejects with the error of a change or of the store if one fails; earlier commits stay.
 */
export async function revokeWhere<
  Environment extends string,
  Scope extends string,
  Metadata extends object,
  MetadataInput extends object,
>(
  keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>,
  filter: OperatorFilter<NoInfer<Environment>>,
  options: RevokeWhereOptions,
): Promise<RevokedEverywhere> {
  const service = serviceOf(keys);
  const filters = service.read(filter, 'filter', [], OPERATOR_FILTERS);
  if (Object.keys(filters).length === 0) {
    throw invalid('filter', 'must have a field, so that no mistake revokes all keys');
  }
  checkFields(options, 'options', ['actor', 'reason', 'onProgress']);
  const { onProgress = () => {}, ...attribution } = options;
  const by = service.read(attribution, 'options', ['actor'], ['reason']);
  if (typeof onProgress !== 'function') throw invalid('onProgress', 'must be a function');
  const run = new Revocation(service, { ...filters, now: service.clock.now() }, by, onProgress);
  const counts = await run.toEnd();
  return { ...counts, effect: await service.changes.settle() };
}

/** One run over the matching keys. */
class Revocation {
  readonly #service: Service;
  readonly #filters: AllKeysFilters;
  readonly #by: ActorOptions;
  readonly #onProgress: (counts: RevocationCounts) => void;
  readonly #done = new Set<string>();
  #counts: RevocationCounts = { read: 0, owners: 0, revoked: 0 };

  constructor(
    service: Service,
    filters: AllKeysFilters,
    by: ActorOptions,
    onProgress: (counts: RevocationCounts) => void,
  ) {
    this.#service = service;
    this.#filters = filters;
    this.#by = by;
    this.#onProgress = onProgress;
  }

  async toEnd(): Promise<RevocationCounts> {
    const query = { ...this.#filters, limit: MAX_PAGE };
    for (let cursor: string | undefined; ; ) {
      const page = await readAllKeys(this.#service, { ...query, ...(cursor && { cursor }) });
      await this.#revokeFor(ownersOf(page.items).filter((owner) => !this.#done.has(owner)));
      this.#count({ read: page.items.length });
      cursor = page.cursor;
      if (cursor === undefined) return this.#counts;
    }
  }

  /** Waits for all changes that have started, even if one fails. */
  async #revokeFor(owners: readonly string[]): Promise<void> {
    for (let i = 0; i < owners.length; i += CONCURRENCY) {
      const some = owners.slice(i, i + CONCURRENCY).map((owner) => this.#revokeOf(owner));
      const failed = (await Promise.allSettled(some)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    }
  }

  async #revokeOf(owner: string): Promise<void> {
    const by = { at: this.#service.clock.now(), ...this.#by };
    // Match the keys that the owner has at the time of the change, not those of the page.
    const rule = revokeAllRule(owner, by, (key) => matchesKey(this.#filters, key));
    const { result: revoked } = await this.#service.changes.make(rule, { wait: 'commit' });
    this.#done.add(owner);
    if (revoked > 0) this.#count({ owners: 1, revoked });
  }

  #count({ read = 0, owners = 0, revoked = 0 }: Partial<RevocationCounts>): void {
    const before = this.#counts;
    this.#counts = {
      read: before.read + read,
      owners: before.owners + owners,
      revoked: before.revoked + revoked,
    };
    this.#onProgress(this.#counts);
  }
}

function ownersOf(keys: readonly StoredKey[]): string[] {
  const unrevoked = keys.filter(({ revokedAt }) => revokedAt === undefined);
  return [...new Set(unrevoked.map(({ owner }) => owner))];
}
