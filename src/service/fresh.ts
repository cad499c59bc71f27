import { digestToken } from '../digest/sha256.ts';
import type { Secret } from '../secret.ts';
import { secretOf } from '../secret.ts';
import { tokenFrom } from '../token/generate.ts';
import { hintOf } from '../token/parse.ts';
import type { Service } from './service.ts';

/** A new token, and the fields of its key that come from it. */
export interface FreshKey {
  readonly id: string;
  readonly digest: string;
  readonly hint: string;
  readonly secret: Secret;
}

/** Draws a token for the environment, and an id unless the caller chose one. */
export function drawKey(
  { format, draw, nextId }: Pick<Service, 'format' | 'draw' | 'nextId'>,
  { environment, now, id }: { environment: string; now: number; id: string | undefined },
): FreshKey {
  const token = tokenFrom(format, environment, draw);
  return {
    id: id ?? nextId(now),
    digest: digestToken(token),
    hint: hintOf(format, environment, token),
    secret: secretOf(token),
  };
}
