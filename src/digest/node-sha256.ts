import type { HashText } from './portable-sha256.ts';

/**
 * Replaces `portable-sha256.ts` under Node's conditions (`imports` in package.json). `@noble/hashes` would
 * take 10 ms to import there and never be called. This code runs only on a runtime with these conditions
 * and without `crypto.hash`.
 */
export const portableSha256: HashText = (text) =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');

export function portableHmac(key: Uint8Array, text: string): string {
  return process
    .getBuiltinModule('node:crypto')
    .createHmac('sha256', key)
    .update(text)
    .digest('hex');
}
