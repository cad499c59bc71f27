import { KeywrightError } from 'keywright';
import { describe, expect, it } from 'vitest';
import { AssertionError, assert, assertEqual, assertRejects } from '../../src/testing/assert.ts';

const proto: unknown = JSON.parse('{"__proto__":1}');

describe('assertEqual', () => {
  it.each([
    [1, 1],
    ['a', 'a'],
    [undefined, undefined],
    [Number.NaN, Number.NaN],
    [
      { a: 1, b: { c: [1, 'x', null] } },
      { b: { c: [1, 'x', null] }, a: 1 },
    ],
    [Object.freeze({ a: 1 }), Object.assign(Object.create(null), { a: 1 })],
    [[], []],
    [proto, JSON.parse('{"__proto__":1}')],
  ])('passes %j and %j', (actual, expected) => {
    assertEqual(actual, expected, 'they are equal');
  });

  it.each([
    [1, 2, 'it is 1, not 2'],
    [1, '1', 'it is 1, not "1"'],
    [0, -0, 'it is 0, not -0'],
    [1n, 1, 'it is 1n, not 1'],
    [null, undefined, 'it is null, not undefined'],
    [null, {}, 'it is null, not {}'],
    [[], {}, 'it is [], not {}'],
    [{ a: undefined }, {}, '.a is undefined, not absent'],
    [{}, { a: undefined }, '.a is absent'],
    [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, '.a.b[1] is 2, not 3'],
    [[1, 2], [1], '[1] is 2, not absent'],
    [[1], [1, 2], '[1] is absent'],
    [proto, {}, '.__proto__ is 1, not absent'],
    [{}, proto, '.__proto__ is absent'],
  ])('fails %o against %o and says where they differ', (actual, expected, difference) => {
    const failure = failureOf(() => assertEqual(actual, expected, 'the claim'));
    expect(failure).toBeInstanceOf(AssertionError);
    expect(failure).toMatchObject({ message: `the claim: ${difference}`, actual, expected });
  });

  it('cuts what it shows', () => {
    const failure = failureOf(() => assertEqual('x'.repeat(10_000), 1, 'the claim'));
    expect((failure as Error).message.length).toBeLessThan(300);
  });
});

describe('assert', () => {
  it('fails with the claim', () => {
    assert(true, 'holds');
    expect(failureOf(() => assert(false, 'the claim'))).toMatchObject({ message: 'the claim' });
  });
});

describe('assertRejects', () => {
  it('passes an error of the code, whichever class it has', async () => {
    await assertRejects(
      Promise.reject(new KeywrightError('digest_taken', 'taken')),
      'digest_taken',
      'it rejects',
    );
    await assertRejects(Promise.reject({ code: 'digest_taken' }), 'digest_taken', 'it rejects');
  });

  it.each([
    ['another code', () => Promise.reject(Object.assign(new Error('no'), { code: '23505' }))],
    ['no error', () => Promise.reject('digest_taken')],
    ['no rejection', () => Promise.resolve('digest_taken')],
  ])('fails on %s', async (_, work) => {
    await expect(assertRejects(work(), 'digest_taken', 'the claim')).rejects.toThrow(
      /^the claim: /,
    );
  });
});

function failureOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
