import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import { type Fields, read, type ValueOf } from './schema.ts';

type QueryOf<Query extends Fields> = ValueOf<{
  readonly type: 'object';
  readonly properties: Query;
}>;

/**
 * The query parameters of a request.
 *
 * @throws KeywrightError `invalid_argument` that names one that is unknown, repeated or no value of
 * its kind.
 */
export function readQuery<const Query extends Fields>(
  fields: Query,
  params: URLSearchParams,
): QueryOf<Query> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of params) {
    if (Object.hasOwn(values, name)) throw invalid(nameOf(name), 'must be given once');
    // By definition, as `__proto__` would be lost by assignment, and passed over instead of refused.
    Object.defineProperty(values, name, { value: numberOr(fields, name, text), enumerable: true });
  }
  const schema = { type: 'object', properties: fields, additionalProperties: false } as const;
  return read(schema, values, 'query') as QueryOf<Query>;
}

/** The number that a text is, where the schema wants one; what is none is left for the check. */
function numberOr(fields: Fields, name: string, text: string): unknown {
  const type = Object.hasOwn(fields, name) ? fields[name]?.type : undefined;
  return type === 'integer' && /^\d{1,16}$/.test(text) ? Number(text) : text;
}

function nameOf(name: string): string {
  return pathOf('query', name).replace(/^query\./, '');
}
