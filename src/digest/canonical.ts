import type { JsonValue } from '../json.ts';

/**
 * The canonical JSON text of a value (RFC 8785): no white space, members sorted by the UTF-16 code
 * units of their names, numbers and strings as ECMAScript writes them. Two values that are equal as
 * JSON give the same text, whatever the order in which a database handed their members back.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
