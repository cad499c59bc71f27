import { createRequire } from 'node:module';

// CommonJS whose names Node does not find in it.
const { checkAPIKey, generateAPIKey } = createRequire(import.meta.url)('prefixed-api-key');

/**
 * Tokens of prefixed-api-key with the hashes that a service keeps of them.
 *
 * @param {number} count how many keys
 * @returns {Promise<{ tokens: string[], check(token: string): boolean }>}
 */
export async function openPrefixedApiKey(count) {
  const hashes = new Map();
  const tokens = [];
  for (let i = 0; i < count; i++) {
    const { token, longTokenHash } = await generateAPIKey({ keyPrefix: 'prn' });
    hashes.set(token, longTokenHash);
    tokens.push(token);
  }
  return { tokens, check: (token) => checkAPIKey(token, hashes.get(token)) };
}
