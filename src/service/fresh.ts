import { digestToken } from '../digest/sha256.ts';
import { hasCode } from '../errors.ts';
import { type Secret, secretOf } from '../secret.ts';
import { tokenFrom } from '../token/generate.ts';
import { hintOf } from '../token/parse.ts';
import type { Service } from './service.ts';

/** The parts of a key that are made anew: its id, and what is kept of its token. */
export interface FreshKey {
  readonly id: string;
  readonly digest: string;
  readonly hint: string;
}

/** What is known of a key before it is made. */
interface Expected {
  readonly environment: string;
  readonly now: number;
  /** The caller's choice; one is drawn if there is none. */
  readonly id: string | undefined;
}

// A taken digest means a random source that repeats itself: another draw may help, many will not.
const ATTEMPTS = 3;

/**
 * Writes a key with a token that nobody has seen, and gives the token once the key is written. If a
 * key has the same digest or id already, another token is drawn, three times in all; an id that the
 * caller chose stays what it is.
 */
export async function withFreshKey<Written>(
  { format, draw, nextId }: Pick<Service, 'format' | 'draw' | 'nextId'>,
  { environment, now, id }: Expected,
  write: (fresh: FreshKey) => Promise<Written>,
): Promise<{ secret: Secret; written: Written }> {
  for (let attempt = 1; ; attempt++) {
    const token = tokenFrom(format, environment, draw);
    const fresh = {
      id: id ?? nextId(now),
      digest: digestToken(token),
      hint: hintOf(format, environment, token),
    };
    try {
      const written = await write(fresh);
      return { secret: secretOf(token), written };
    } catch (error) {
      if (attempt === ATTEMPTS || !hasCode(error, 'digest_taken')) throw error;
    }
  }
}
