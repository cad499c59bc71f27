import { invalid } from '../errors.ts';
import type { TransactionOptions } from '../store.ts';

/** @throws KeywrightError `invalid_argument` if the host asks to join a transaction of its own. */
export function refuseTransaction(options: TransactionOptions | undefined): void {
  if (options?.transaction !== undefined) {
    throw invalid('transaction', 'cannot be joined: this store has none');
  }
}
