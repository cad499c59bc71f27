import { createHash } from 'node:crypto';
import type { ImportRow } from 'keywright/import';

/** How many keys, and of how many owners. */
export interface Size {
  readonly keys: number;
  readonly owners: number;
}

/** Keys of another system, no two neighbours of one owner. */
export function* rowsOf(size: Size): Generator<ImportRow<'live'>> {
  for (let n = 0; n < size.keys; n++) {
    yield {
      digest: createHash('sha256').update(`old_${n}`).digest('hex'),
      name: `Key ${n}`,
      owner: `org_${n % size.owners}`,
      environment: 'live',
      scopes: ['orders:read'],
      metadata: { importedFrom: `keys/${n}` },
      hint: 'old_',
    };
  }
}
