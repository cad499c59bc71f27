import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { hasCode, KeywrightError } from 'keywright';
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

  it('has no member for an argument or a cause that was not given', () => {
    const bare = new KeywrightError('store_unavailable', 'late');
    expect('cause' in bare).toBe(false);
    expect('argument' in bare).toBe(false);
    expect(inspect(bare)).not.toContain('undefined');
  });

  it('holds the argument and the cause that were given', () => {
    const cause = new Error('connection reset');
    expect(new KeywrightError('random_failed', 'threw', { cause }).cause).toBe(cause);
    expect(new KeywrightError('invalid_argument', 'x', { argument: 'name' }).argument).toBe('name');
  });

  it('keeps a cause that is undefined, as a source may throw that', () => {
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

  it('knows an error of another copy of the package or another realm', () => {
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
