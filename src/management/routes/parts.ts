import {
  DEFAULT_PAGE,
  MAX_CURSOR_LENGTH,
  MAX_ID_LENGTH,
  MAX_METADATA_BYTES,
  MAX_NAME_LENGTH,
  MAX_PAGE,
  MAX_REASON_LENGTH,
  MAX_SCOPES,
  SCOPE,
} from '../../limits.ts';
import type { ArraySchema, FreeSchema, IntegerSchema, StringSchema } from '../schema.ts';

/* Parts of requests that several routes share. The service checks the exact rules of a name or a
 * scope, such as that it contains no control characters. */

export const NAME = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_NAME_LENGTH,
  description: 'A readable name of the key.',
} as const satisfies StringSchema;

export const SCOPES = {
  type: 'array',
  items: { type: 'string', pattern: SCOPE.source },
  maxItems: MAX_SCOPES,
  description: 'The session must be able to grant each of them.',
} as const satisfies ArraySchema;

export const METADATA = {
  type: 'object',
  additionalProperties: true,
  description: `At most ${MAX_METADATA_BYTES} bytes as JSON.`,
} as const satisfies FreeSchema;

export const REASON = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_REASON_LENGTH,
  description: 'The reason, for the activity log.',
} as const satisfies StringSchema;

export const LIMIT = {
  type: 'integer',
  minimum: 1,
  maximum: MAX_PAGE,
  default: DEFAULT_PAGE,
} as const satisfies IntegerSchema;

export const CURSOR = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_CURSOR_LENGTH,
  description: 'The cursor of the previous page.',
} as const satisfies StringSchema;

export const ID = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_ID_LENGTH,
} as const satisfies StringSchema;
