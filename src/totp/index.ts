export type { Algorithm, Digits } from './factor.ts';
export type { EncryptionKey, TotpOptions } from './options.ts';
export { createTotp, type FactorReset, type Totp } from './totp.ts';
