import { type ApiKeys, createApiKeys, type KeyStore, tokenFormat } from 'keywright';

export type ProonKeys = ApiKeys<'live' | 'test'>;

/** ProoN's keys: `prn_live_…` opens its API, `prn_test_…` is for a sandbox elsewhere. */
export function proonKeys(store: KeyStore): ProonKeys {
  return createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
    environments: ['live'],
    store,
    unauthorized: { manageUrl: 'https://www.proon.ai/app/settings/api-keys' },
  });
}
