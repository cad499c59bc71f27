import { KeywrightError } from '../../errors.ts';
import type { Family } from './dialect.ts';

/** What drivers tell about an error, each under a name of its own. */
interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly errcode?: unknown;
  readonly message?: unknown;
}

/** Whether the statement broke a unique index. */
export function isDuplicate(family: Family, error: unknown): boolean {
  const { code, errno, message } = detailsOf(error);
  switch (family) {
    case 'postgres':
      return code === '23505'; // unique_violation
    case 'mysql':
      return errno === 1062 || code === 'ER_DUP_ENTRY';
    case 'sqlite':
      // The one mark that all drivers share; a trigger that refuses has another message.
      return typeof message === 'string' && message.includes('UNIQUE constraint failed');
  }
}

/** Whether a transaction failed for others that ran beside it, and may succeed when run again. */
export function isTransient(family: Family, error: unknown): boolean {
  const { code, errno } = detailsOf(error);
  switch (family) {
    case 'postgres':
      // serialization_failure, deadlock_detected, lock_not_available
      return code === '40001' || code === '40P01' || code === '55P03';
    case 'mysql':
      // ER_LOCK_DEADLOCK, ER_LOCK_WAIT_TIMEOUT, MariaDB's ER_CHECKREAD
      return errno === 1213 || errno === 1205 || errno === 1020;
    case 'sqlite': {
      const primary = resultCode(error);
      return (
        primary === 5 || // SQLITE_BUSY
        primary === 6 || // SQLITE_LOCKED
        startsWith(code, 'SQLITE_BUSY') ||
        startsWith(code, 'SQLITE_LOCKED')
      );
    }
  }
}

/** What `create`, `rotate` and `upgradeDigest` reject with where a unique index was broken. */
export function digestTaken(cause: unknown): KeywrightError {
  return new KeywrightError('digest_taken', 'another key has this digest or id', { cause });
}

/** SQLite's primary result code, the low byte of the extended one that `node:sqlite` gives. */
function resultCode(error: unknown): number | undefined {
  const { errcode } = detailsOf(error);
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

function detailsOf(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? error : {};
}

function startsWith(code: unknown, start: string): boolean {
  return typeof code === 'string' && code.startsWith(start);
}
