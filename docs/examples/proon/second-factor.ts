import type { KeyStore } from 'keywright';
import { createTotp, type Totp } from 'keywright/totp';

/**
 * Good for the demo alone, where a second factor has to outlive a restart. A real service keeps its
 * key in a secret manager.
 */
const DEMO_KEY = '6b657977726967687420646f6e2774206b656570206d6520666f72207265616c';

/** A second factor for users who want one. */
export function proonSecondFactor(store: KeyStore): Totp {
  const encryptionKey = process.env.PROON_FACTOR_KEY ?? DEMO_KEY;
  return createTotp({ store, issuer: 'ProoN', encryptionKey, required: false });
}
