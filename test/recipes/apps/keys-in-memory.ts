import { createApiKeys, memoryStore, type StoredKey, tokenFormat } from 'keywright';

/** The service of an app on a runtime without databases: the same keys, as they are at the start. */
const store = memoryStore();
for (const key of JSON.parse(process.env.KEYS ?? '[]') as StoredKey[]) {
  await store.create(key, { at: key.createdAt, actor: key.createdBy });
}

export const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
  store,
});
