import { describe, expect, it } from 'vitest';
import { hasScopes } from '../../src/http/scopes.ts';

describe('hasScopes', () => {
  it.each<[string[], string[], boolean]>([
    [[], [], true],
    [['read'], [], true],
    [['read', 'write'], ['write', 'read'], true],
    [['read'], ['read', 'write'], false],
    [[], ['read'], false],
    [['read'], ['rea'], false],
    [['read'], ['Read'], false],
    [['*'], ['read'], false],
    [['read:all'], ['read'], false],
    [[], ['length'], false],
    [['toString'], ['toString'], true],
  ])('of %j, asked for %j, is %s', (scopes, asked, has) => {
    expect(hasScopes({ scopes }, asked)).toBe(has);
  });
});
