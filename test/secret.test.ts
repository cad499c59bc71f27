import assert from 'node:assert';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { secretOf } from '../src/secret.ts';

const TOKEN = 'prn_live_9Xq7bVt2LmKzR4cWy8NpHs3JdFg6QaUe1TiOo5BxCvZnMkYlPrEwSuD';
const secret = secretOf(TOKEN);

describe('a secret', () => {
  it('returns the plaintext on every reveal()', () => {
    expect(secret.reveal()).toBe(TOKEN);
    expect(secret.reveal()).toBe(TOKEN);
  });

  it.each<[string, () => unknown]>([
    ['String()', () => String(secret)],
    ['a template', () => `${secret}`],
    ['concatenation', () => `${secret}`.concat('')],
    ['joining', () => [secret].join()],
    ['toString', () => secret.toString()],
    ['toJSON', () => secret.toJSON()],
    ['JSON.parse of JSON', () => JSON.parse(JSON.stringify(secret))],
    ['inspection', () => inspect(secret)],
    ['%s', () => format('%s', secret)],
    ['%O', () => format('%O', secret)],
    ['%o', () => format('%o', secret)],
  ])('is redacted in %s', (_, show) => {
    expect(show()).toBe('[redacted]');
  });

  it.each<[string, () => unknown]>([
    ['JSON around it', () => JSON.stringify({ deep: [{ secret }] })],
    ['%j', () => format('%j', secret)],
    ['%d', () => format('%d', secret)],
    ['inspection of all that is hidden', () => inspect({ secret }, { showHidden: true, depth: 9 })],
    ['inspection that asks nobody', () => inspect(secret, { customInspect: false, getters: true })],
    ['inspection of a copy', () => inspect({ ...secret })],
    ['a structured clone', () => inspect(structuredClone(secret), { showHidden: true })],
    ['serialization', () => serialize(secret).toString('latin1')],
    ['an error that has it as its cause', () => inspect(new Error('x', { cause: secret }))],
    ['a number', () => Number(secret)],
    ['an assertion that fails', () => failedAssertion()],
    ['Object.prototype.toString', () => Object.prototype.toString.call(secret)],
    ['names of members', () => Reflect.ownKeys(secret).map(String).join()],
    ['its prototype', () => inspect(Object.getPrototypeOf(secret), { showHidden: true })],
  ])('does not show in %s', (_, show) => {
    expect(String(show())).not.toContain(TOKEN.slice(13, 21));
  });

  it('has no members, and accepts none', () => {
    expect(Reflect.ownKeys(secret)).toEqual([]);
    expect(Object.isFrozen(secret)).toBe(true);
    expect(() => Object.assign(secret, { reveal: () => 'other' })).toThrow(TypeError);
  });

  it('reveals nothing to methods called on another object', () => {
    const impostor = Object.create(Object.getPrototypeOf(secret));
    expect(() => impostor.reveal()).toThrow(TypeError);
  });
});

function failedAssertion(): string {
  try {
    assert.deepStrictEqual({ secret }, { secret: TOKEN.length });
    return TOKEN;
  } catch (error) {
    return `${(error as Error).message} ${inspect(error, { showHidden: true, depth: 9 })}`;
  }
}
