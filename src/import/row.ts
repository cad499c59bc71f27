import { sha256Hex } from '../digest/sha256.ts';
import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { defined, type JsonObject } from '../json.ts';
import type { StoredKey } from '../record.ts';
import type { Attribution } from '../rules/attribution.ts';
import { checkExpiry, checkText } from '../service/arguments.ts';
import type { Moment, NewKeyMetadata } from '../service/input.ts';
import { validMetadata } from '../service/metadata.ts';
import type { Service } from '../service/service.ts';
import { hexDigest } from './digest.ts';

const MAX_HINT_LENGTH = 64;

/** A key of another system, without its token. */
export type ImportRow<
  Environment extends string = string,
  Scope extends string = string,
  MetadataInput extends object = JsonObject,
> = ImportRowFields<Environment, Scope> & NewKeyMetadata<MetadataInput>;

/** The fields of a key to import, except its metadata. */
export interface ImportRowFields<
  Environment extends string = string,
  Scope extends string = string,
> {
  /**
   * SHA-256 of the token, or of its secret if the legacy format hashes the secret: hex in either case,
   * or base64url.
   */
  readonly digest: string;
  /** A readable name of the key: 1 to 100 characters, no control characters. */
  readonly name: string;
  /** The organization or account that the key belongs to: 1 to 255 characters. */
  readonly owner: string;
  readonly environment: Environment;
  /** At most 100. Default: none. */
  readonly scopes?: readonly Scope[];
  /** The start of the token, so that people recognize it: at most 64 characters. Default: empty. */
  readonly hint?: string;
  /** Whether the key is accepted. Default `true`. */
  readonly enabled?: boolean;
  /** Default: the time of the import. */
  readonly createdAt?: Moment | null;
  /** When the key expires or has expired. Default: never. */
  readonly expiresAt?: Moment | null;
  /** Default: not used yet. */
  readonly lastUsedAt?: Moment | null;
  /** When the key was revoked. Default: it is not. */
  readonly revokedAt?: Moment | null;
}

/** A row that passed all checks. */
export interface CheckedRow {
  readonly key: StoredKey;
  readonly lastUsedAt?: number;
}

const FIELDS = [
  'digest',
  'name',
  'owner',
  'environment',
  'scopes',
  'metadata',
  'hint',
  'enabled',
  'createdAt',
  'expiresAt',
  'lastUsedAt',
  'revokedAt',
];

/** @throws KeywrightError `invalid_argument` that names the field */
export async function checkRow(
  service: Service,
  row: unknown,
  { at, actor }: Attribution,
): Promise<CheckedRow> {
  checkFields(row, 'row', FIELDS);
  const { digest, hint, createdAt, lastUsedAt, revokedAt, ...rest } = row as Partial<ImportRow>;
  const { expiresAt, scopes, metadata, enabled, ...described } = service.read(
    rest,
    'row',
    ['name', 'owner', 'environment'],
    ['scopes', 'metadata', 'enabled', 'expiresAt'],
  );
  const hex = hexDigest(digest);

  const key = defined({
    id: service.nextId(at),
    digest: hex,
    hint: checkHint(hint, hex),
    ...described,
    scopes: scopes ?? [],
    metadata: await validMetadata(service.metadata, metadata ?? {}),
    enabled: enabled ?? true,
    createdAt: pastMoment(createdAt, 'createdAt', at) ?? at,
    createdBy: actor,
    expiresAt: expiresAt ?? undefined,
    revokedAt: pastMoment(revokedAt, 'revokedAt', at),
  });
  return defined({ key, lastUsedAt: pastMoment(lastUsedAt, 'lastUsedAt', at) });
}

function checkHint(value: unknown, digest: string): string {
  if (value === undefined || value === '') return '';
  const hint = checkText(value, 'hint', MAX_HINT_LENGTH);
  if (sha256Hex(hint) === digest) throw invalid('hint', 'must not be the token itself');
  return hint;
}

/** A moment that is not in the future, in epoch milliseconds; `undefined` for none. */
function pastMoment(value: unknown, argument: string, now: number): number | undefined {
  if (value === undefined) return undefined;
  const moment = checkExpiry(value, argument, now);
  if (moment === null) return undefined;
  if (moment > now) throw invalid(argument, 'must not be in the future');
  return moment;
}
