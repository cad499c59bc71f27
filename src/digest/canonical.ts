import type { JsonValue } from '../json.ts';

/**
 * Returns the canonical JSON text of a value (RFC 8785): no white space, members sorted by the UTF-16 code
 * units of their names, numbers and strings as ECMAScript writes them. Values that are equal as JSON have
 * the same text, even if a database returns their members in another order.
 */
export function canonicalJson(value: JsonValue): string {
  // The links of a chain are arrays of scalars: one call for all items takes a third of the time.
  if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as { readonly [name: string]: JsonValue };
  const members = Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name] as JsonValue)}`);
  return `{${members.join(',')}}`;
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null;
}
