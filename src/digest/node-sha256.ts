import type { HashText } from './portable-sha256.ts';

/**
 * Stands in for `portable-sha256.ts` where the package is loaded by Node's conditions (`imports` in
 * package.json), as `@noble/hashes` takes 10 ms to import there and would never be called. What it
 * does is for a runtime that takes these conditions and has no `crypto.hash`.
 */
export const portableSha256: HashText = (text) =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
