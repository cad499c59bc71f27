import type { Principal } from '../record.ts';

export function hasScopes(
  { scopes: granted }: Pick<Principal, 'scopes'>,
  scopes: readonly string[],
): boolean {
  return scopes.every((scope) => granted.includes(scope));
}
