import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import { type Fields, read, type ValueOf } from './schema.ts';

type QueryOf<Query extends Fields> = ValueOf<{
  readonly type: 'object';
  readonly properties: Query;
}>;

/**
 * Reads the query parameters of a request.
 *
 * @throws KeywrightError `invalid_argument` that names a parameter that is unknown, repeated or
 * invalid.
 */
export function readQuery<const Query extends Fields>(
  fields: Query,
  params: URLSearchParams,
): QueryOf<Query> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of params) {
    if (Object.hasOwn(values, name)) throw invalid(nameOf(name), 'must not be repeated');
    // Assignment would drop `__proto__`, so an unknown parameter of that name would be ignored.
    Object.defineProperty(values, name, { value: numberOr(fields, name, text), enumerable: true });
  }
  const schema = { type: 'object', properties: fields, additionalProperties: false } as const;
  return read(schema, values, 'query') as QueryOf<Query>;
}

/** Converts the digits of an integer parameter. The schema check rejects any other text. */
function numberOr(fields: Fields, name: string, text: string): unknown {
  const type = Object.hasOwn(fields, name) ? fields[name]?.type : undefined;
  return type === 'integer' && /^\d{1,16}$/.test(text) ? Number(text) : text;
}

function nameOf(name: string): string {
  return pathOf('query', name).replace(/^query\./, '');
}
