import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { ERROR_CODES, hasCode, isKeywrightError, KeywrightError } from 'keywright';
import { describe, expect, it } from 'vitest';
import { invalid } from '../src/errors.ts';

describe('KeywrightError', () => {
  it('is an error with a code, a message and a name', () => {
    const error = new KeywrightError('key_not_found', 'no key has this id');
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe('key_not_found');
    expect(error.message).toBe('no key has this id');
    expect(error.name).toBe('KeywrightError');
    expect(String(error)).toBe('KeywrightError: no key has this id');
    expect(error.stack).toContain('errors.test.ts');
  });

  it('has no member for an argument or a cause left out', () => {
    const bare = new KeywrightError('store_unavailable', 'late');
    expect('cause' in bare).toBe(false);
    expect('argument' in bare).toBe(false);
    expect(inspect(bare)).not.toContain('undefined');
  });

  it('holds its argument and its cause', () => {
    const cause = new Error('connection reset');
    expect(new KeywrightError('random_failed', 'threw', { cause }).cause).toBe(cause);
    expect(new KeywrightError('invalid_argument', 'x', { argument: 'name' }).argument).toBe('name');
  });

  it('keeps a cause that is undefined', () => {
    expect('cause' in new KeywrightError('random_failed', 'threw', { cause: undefined })).toBe(
      true,
    );
  });
});

describe('hasCode', () => {
  it('tells errors apart by their code', () => {
    const error = new KeywrightError('key_revoked', 'revoked');
    expect(hasCode(error, 'key_revoked')).toBe(true);
    expect(hasCode(error, 'key_expired')).toBe(false);
  });

  it('recognizes an error of another copy of the package or another realm', () => {
    expect(hasCode({ code: 'digest_taken' }, 'digest_taken')).toBe(true);
    const foreign: unknown = runInNewContext(
      "Object.assign(new Error('taken'), { code: 'digest_taken' })",
    );
    expect(foreign).not.toBeInstanceOf(Error);
    expect(hasCode(foreign, 'digest_taken')).toBe(true);
  });

  it.each([undefined, null, 'key_revoked', 5, Symbol('key_revoked'), {}, new Error('key_revoked')])(
    'finds no code on %s',
    (value) => {
      expect(hasCode(value, 'key_revoked')).toBe(false);
    },
  );
});

describe('invalid', () => {
  it('names the argument and what it must be', () => {
    const error = invalid('metadata.plan', 'must be a finite number');
    expect(error.code).toBe('invalid_argument');
    expect(error.argument).toBe('metadata.plan');
    expect(error.message).toBe('metadata.plan must be a finite number');
  });
});

describe('ERROR_CODES', () => {
  it('lists every code once', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
    expect(ERROR_CODES).toContain('invalid_argument');
  });
});

describe('isKeywrightError', () => {
  it('recognizes an error of the library, and one that another copy made', () => {
    expect(isKeywrightError(invalid('name', 'is wrong'))).toBe(true);
    const copy = Object.assign(new Error('x'), { name: 'KeywrightError', code: 'digest_taken' });
    expect(isKeywrightError(copy)).toBe(true);
    for (const other of [new Error('x'), { code: 'digest_taken' }, undefined, 'digest_taken']) {
      expect(isKeywrightError(other)).toBe(false);
    }
  });
});
