import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../src/management/dashboard/evidence.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATE = 10_000;
const AT = 1000 * HOUR;

/** What is found so long after the rotation; the new key is in use. */
const found = (
  ms: number,
  lastUsedAt?: number,
  successor: { lastUsedAt?: number } | undefined = { lastUsedAt: AT },
) =>
  evidenceOf(
    { replacedAt: AT, ...(lastUsedAt === undefined ? {} : { lastUsedAt }) },
    successor,
    AT + ms,
    LATE,
  ).finding;

describe('evidenceOf', () => {
  it('says nothing until a flush interval and the quiet time have passed', () => {
    expect(found(0, AT - 1)).toBe('early');
    expect(found(10 * MINUTE + LATE - 1, AT - 1)).toBe('early');
    expect(found(10 * MINUTE + LATE, AT - 1)).toBe('quiet');
    expect(found(10 * MINUTE + LATE - 1)).toBe('early');
  });

  it('waits as long as the key was idle before the rotation', () => {
    expect(found(HOUR + LATE - 1, AT - HOUR)).toBe('early');
    expect(found(HOUR + LATE, AT - HOUR)).toBe('quiet');
  });

  it('waits a week at most', () => {
    expect(found(7 * 24 * HOUR + LATE, AT - 900 * HOUR)).toBe('quiet');
  });

  it('warns of a use after the rotation, until that is as long ago', () => {
    expect(found(5 * MINUTE, AT + 4 * MINUTE)).toBe('used');
    expect(found(14 * MINUTE + LATE, AT + 4 * MINUTE)).toBe('quiet');
  });

  it('proves nothing without a use of the new key', () => {
    expect(found(11 * MINUTE, AT - 1, {})).toBe('unproven');
    expect(evidenceOf({ replacedAt: AT }, undefined, AT + HOUR, LATE).finding).toBe('unproven');
  });
});
