import { invalid } from '../errors.ts';
import { checkFields, checkInteger } from '../fields.ts';
import { LONGEST_LEASE_MS } from '../rules/barrier.ts';
import type { OnCacheEvent } from './events.ts';

/** Options of `cachedStore`. All durations are in milliseconds. */
export interface CacheOptions {
  /**
   * How long a process may answer from memory after its last contact with the store: 100 to 300,000.
   * A revocation waits 1.25 times as long if a process cannot be reached. Default 1,000.
   */
  readonly leaseMs?: number;
  /** The most keys in memory. The least recently used is dropped first. Default 100,000. */
  readonly maxKeys?: number;
  /**
   * Whether this process acknowledges changes, so that they do not wait until its lease expires. Pass
   * `false` for fleets of more than about 200 processes, and for stores without push: changes then always
   * wait 1.25 times the lease. Default `true`.
   */
  readonly acknowledge?: boolean;
  /** The longest time a record is used, so that manual edits in the database take effect. Default 60,000. */
  readonly maxAgeMs?: number;
  /** Receives the events of the cache, such as a lost lease or a failed renewal. */
  readonly onEvent?: OnCacheEvent;
}

/** The options with their defaults. */
export type CacheSettings = Required<Omit<CacheOptions, 'onEvent'>> & Pick<CacheOptions, 'onEvent'>;

const OPTIONS = ['leaseMs', 'maxKeys', 'acknowledge', 'maxAgeMs', 'onEvent'];

/** @throws KeywrightError `invalid_argument` that names the option */
export function settingsOf(options: CacheOptions): CacheSettings {
  checkFields(options, 'options', OPTIONS);
  const { leaseMs = 1000, maxKeys = 100_000, acknowledge = true, maxAgeMs = 60_000 } = options;
  checkInteger(leaseMs, 'leaseMs', 100, LONGEST_LEASE_MS);
  checkInteger(maxKeys, 'maxKeys', 1, 10_000_000);
  checkInteger(maxAgeMs, 'maxAgeMs', 1, 86_400_000);
  if (typeof acknowledge !== 'boolean') throw invalid('acknowledge', 'must be true or false');
  const { onEvent } = options;
  if (onEvent !== undefined && typeof onEvent !== 'function') {
    throw invalid('onEvent', 'must be a function');
  }
  return { leaseMs, maxKeys, acknowledge, maxAgeMs, ...(onEvent && { onEvent }) };
}
