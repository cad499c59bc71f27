import { invalid, type KeywrightError } from '../errors.ts';

/**
 * The error for an argument that is not the store's client. Names the kind of the argument and never its
 * value: a connection string contains a password.
 */
export function wrongClient(argument: string, expected: string, given: unknown): KeywrightError {
  return invalid(argument, `must be ${expected}: got ${kindOf(given)}`);
}

function kindOf(given: unknown): string {
  if (typeof given === 'string') return given.includes('://') ? 'a connection string' : 'a string';
  if (typeof given === 'function') return 'a function, perhaps a client of postgres.js';
  if (typeof given !== 'object' || given === null) return String(given);
  if (given instanceof URL) return 'a URL';
  if (isSingleConnection(given))
    return 'a single connection, which only one request can use at once';
  const isWrapped = 'pool' in given && !('connect' in given);
  return isWrapped ? 'an object with a pool: pass the pool itself' : 'a client of another library';
}

/** Whether it is a connection of pg, whose `Client` has `connect` as its `Pool` does, or of mysql2. */
function isSingleConnection(given: object): boolean {
  const isPg = 'getTransactionStatus' in given || 'connectionParameters' in given;
  return isPg || ('execute' in given && 'beginTransaction' in given && !('getConnection' in given));
}
