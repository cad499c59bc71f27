import type { ArraySchema, FreeSchema, IntegerSchema, StringSchema } from '../schema.ts';

/* Parts of requests that several routes have. What is exact about a name or a scope, such as that
 * it holds no control characters, the service checks. */

export const NAME = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
  description: 'What people call the key.',
} as const satisfies StringSchema;

export const SCOPES = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[!#-\\[\\]-~]+$' },
  maxItems: 100,
  description: 'Each must be one that the session may give.',
} as const satisfies ArraySchema;

export const METADATA = {
  type: 'object',
  additionalProperties: true,
  description: 'At most 4,096 bytes as JSON.',
} as const satisfies FreeSchema;

export const REASON = {
  type: 'string',
  minLength: 1,
  maxLength: 500,
  description: 'Why, for the activity log.',
} as const satisfies StringSchema;

export const LIMIT = {
  type: 'integer',
  minimum: 1,
  maximum: 100,
  default: 20,
} as const satisfies IntegerSchema;

export const CURSOR = {
  type: 'string',
  minLength: 1,
  maxLength: 512,
  description: 'The cursor of the page before.',
} as const satisfies StringSchema;

export const ID = { type: 'string', minLength: 1, maxLength: 255 } as const satisfies StringSchema;
