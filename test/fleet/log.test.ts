import { describe, expect, it } from 'vitest';
import { type Entry, judge } from './log.ts';

const entry = (fields: Partial<Entry>): Entry => ({
  ...{ key: 'a', server: 0, start: 0, end: 1, status: 200 },
  ...fields,
});
const revoked = new Map([
  ['a', { begin: 10, resolved: 20 }],
  ['b', { begin: 10 }],
]);

describe('the checker', () => {
  it('counts an accept that began once the revocation had resolved', () => {
    const late = [entry({ start: 20, end: 21 }), entry({ start: 500, end: 501 })];
    expect(judge(late, revoked)).toMatchObject({ letIn: late, afterRevocation: 2 });
  });

  it('counts no accept that began before, however late its answer came', () => {
    expect(judge([entry({ start: 19, end: 500 })], revoked).letIn).toEqual([]);
  });

  it('knows nothing of a revocation that failed', () => {
    const times = { key: 'b', start: 50, end: 51 };
    const both = [entry(times), entry({ ...times, status: 401 })];
    expect(judge(both, revoked)).toMatchObject({ letIn: [], wronglyRefused: [], revocations: 1 });
  });

  it.each([401, 403])('counts %i of a key that nobody has begun to revoke', (status) => {
    const refused = [entry({ status, end: 10 }), entry({ status, key: 'c', end: 900 })];
    expect(judge(refused, revoked).wronglyRefused).toEqual(refused);
  });

  it('counts no refusal that ended while the revocation was under way', () => {
    expect(judge([entry({ status: 401, end: 11 })], revoked).wronglyRefused).toEqual([]);
  });

  it('counts 503 and requests without an answer apart', () => {
    const log = [
      entry({ status: 503 }),
      entry({ status: 503, end: 30 }),
      entry({ status: 0 }),
      entry({ status: 0 }),
    ];
    expect(judge(log, revoked)).toMatchObject({
      ...{ letIn: [], wronglyRefused: [], unavailable: 2, goodUnavailable: 1, unanswered: 2 },
    });
  });
});
