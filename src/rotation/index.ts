export { type KeyUse, type KeyUseOptions, keyUse } from './key-use.ts';
