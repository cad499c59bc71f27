import { invalid } from '../errors.ts';
import { checkFields, checkInteger } from '../fields.ts';
import type { ApiKeys } from '../service/contract.ts';
import { serviceOf } from '../service/handle.ts';
import { Deliverer } from './deliverer.ts';
import type { DeliverActivityOptions, DeliverEvents, DeliveryReport } from './delivery-options.ts';

const OPTIONS: readonly (keyof DeliverActivityOptions)[] = [
  ...(['consumer', 'batchSize', 'concurrency', 'pollMs', 'leaseMs', 'maxRetryMs'] as const),
  ...(['once', 'signal', 'onError'] as const),
];

/**
 * Delivers the activity of all owners to a SIEM, a webhook or a queue. Each event is delivered at least
 * once, and each owner's events in order, even if one commits late. It runs until `signal` is aborted.
 *
 * Any number of processes can deliver to one consumer: they share the owners. If a process dies, another
 * one takes over, and delivers again what has not been recorded. So the receiver must ignore an event whose
 * `sequence` it has already seen for that owner. A failed delivery is retried after a pause that doubles,
 * and delays only its own owner. Erased events are delivered as erased.
 *
 * @example
 * ```ts
 * const ending = new AbortController();
 * process.once('SIGTERM', () => ending.abort());
 * await deliverActivity(
 *   keys,
 *   async (events, { signal }) => {
 *     const body = JSON.stringify(events);
 *     const { ok, status } = await fetch(siemUrl, { method: 'POST', body, signal });
 *     if (!ok) throw new Error(`the SIEM answered ${status}`);
 *   },
 *   { consumer: 'siem', signal: ending.signal, onError: console.error },
 * );
 * ```
 * Rejects with `invalid_argument` that names the option, or if the store has no deliveries. With `once`, it
 * also rejects with the error of a store that fails.
 */
export async function deliverActivity<
  Environment extends string,
  Scope extends string,
  Metadata extends object,
  MetadataInput extends object,
>(
  keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>,
  deliver: DeliverEvents,
  options: DeliverActivityOptions,
): Promise<DeliveryReport> {
  const { store, storeTimeoutMs } = serviceOf(keys);
  if (typeof deliver !== 'function') throw invalid('deliver', 'must be a function');
  const settings = checked(options);
  const queue = store.deliveries;
  if (queue === undefined)
    throw invalid('keys', 'must use a store with `deliveries`: this store has none');
  return new Deliverer({ store, queue, storeTimeoutMs, deliver, ...settings }).run();
}

function checked(options: DeliverActivityOptions) {
  checkFields(options, 'options', OPTIONS);
  const { consumer, once = false, signal = new AbortController().signal, onError } = options;
  const { batchSize = 100, concurrency = 8, pollMs = 1000 } = options;
  const { leaseMs = 30_000, maxRetryMs = 300_000 } = options;
  if (typeof consumer !== 'string' || !/^[\w.-]{1,64}$/.test(consumer)) {
    throw invalid('consumer', 'must be 1 to 64 of A-Z a-z 0-9 . _ -');
  }
  checkInteger(batchSize, 'batchSize', 1, 1000);
  checkInteger(concurrency, 'concurrency', 1, 100);
  checkInteger(pollMs, 'pollMs', 10, 3_600_000);
  checkInteger(leaseMs, 'leaseMs', 1000, 3_600_000);
  checkInteger(maxRetryMs, 'maxRetryMs', 10, 86_400_000);
  if (typeof once !== 'boolean') throw invalid('once', 'must be true or false');
  if (!(signal instanceof AbortSignal)) throw invalid('signal', 'must be an AbortSignal');
  if (onError !== undefined && typeof onError !== 'function') {
    throw invalid('onError', 'must be a function');
  }
  const report = onError ?? (() => {});
  return { consumer, batchSize, concurrency, pollMs, leaseMs, maxRetryMs, once, signal, report };
}
