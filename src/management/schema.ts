import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import { isPlainObject, type JsonObject } from '../json.ts';

/*
 * Schemas of requests, as JSON Schema 2020-12. Requests are checked against the same objects that
 * the OpenAPI document contains, so the two cannot differ.
 */

interface Described {
  readonly description?: string;
}

export interface StringSchema extends Described {
  readonly type: 'string';
  readonly enum?: readonly string[];
  /** In code points, as JSON Schema counts. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: string;
}

export interface IntegerSchema extends Described {
  readonly type: 'integer' | readonly ['integer', 'null'];
  readonly minimum: number;
  readonly maximum: number;
  readonly default?: number;
}

interface BooleanSchema extends Described {
  readonly type: 'boolean';
}

export interface ArraySchema extends Described {
  readonly type: 'array';
  readonly items: Schema;
  readonly maxItems: number;
}

/** An object with the given members and no others. */
export interface ObjectSchema extends Described {
  readonly type: 'object';
  readonly properties: Fields;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** An object with any members. */
export interface FreeSchema extends Described {
  readonly type: 'object';
  readonly additionalProperties: true;
}

export type Schema =
  | StringSchema
  | IntegerSchema
  | BooleanSchema
  | ArraySchema
  | ObjectSchema
  | FreeSchema;

export type Fields = Readonly<Record<string, Schema>>;

/** The type of the values that match a schema. */
export type ValueOf<Described> = Described extends {
  readonly type: 'object';
  readonly properties: infer Properties extends Fields;
}
  ? ObjectValue<
      Properties,
      Described extends { readonly required: readonly (infer Name)[] } ? Name : never
    >
  : Described extends { readonly type: 'object' }
    ? JsonObject
    : Described extends { readonly type: 'array'; readonly items: infer Items }
      ? readonly ValueOf<Items>[]
      : Described extends { readonly enum: readonly (infer Word)[] }
        ? Word
        : Described extends { readonly type: 'string' }
          ? string
          : Described extends { readonly type: 'boolean' }
            ? boolean
            : Described extends { readonly type: 'integer' }
              ? number
              : number | null;

type ObjectValue<Properties extends Fields, Required> = {
  readonly [Name in keyof Properties as Name extends Required ? Name : never]: ValueOf<
    Properties[Name]
  >;
} & {
  readonly [Name in keyof Properties as Name extends Required ? never : Name]?: ValueOf<
    Properties[Name]
  >;
};

/**
 * Checks a value against a schema and returns it.
 *
 * @param root the name of the whole value in errors: `body`, `query`
 * @throws KeywrightError `invalid_argument` that names the first part that does not match, and never
 * shows it.
 */
export function read<const Described extends Schema>(
  schema: Described,
  value: unknown,
  root: string,
): ValueOf<Described> {
  check(schema, value, root);
  return value as ValueOf<Described>;
}

function check(schema: Schema, value: unknown, path: string): void {
  switch (schema.type) {
    case 'string':
      checkString(schema, value, path);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') throw invalid(path, 'must be true or false');
      break;
    case 'array':
      checkArray(schema, value, path);
      break;
    case 'object':
      checkObject(schema, value, path);
      break;
    default:
      checkInteger(schema, value, path);
  }
}

function checkString(schema: StringSchema, value: unknown, path: string): void {
  if (typeof value !== 'string') throw invalid(path, 'must be a string');
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  if (schema.enum && !schema.enum.includes(value)) {
    throw invalid(path, `must be one of ${schema.enum.join(', ')}`);
  }
  if (isLonger(value, maxLength)) throw invalid(path, `must be at most ${maxLength} characters`);
  if (!isLonger(value, minLength - 1)) {
    throw invalid(
      path,
      minLength === 1 ? 'must not be empty' : `must be at least ${minLength} characters`,
    );
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    throw invalid(path, `must match ${pattern}`);
  }
}

/** Whether a text has more than `most` code points. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false;
  return text.length > 2 * most || [...text].length > most;
}

function checkInteger(schema: IntegerSchema, value: unknown, path: string): void {
  const { type, minimum, maximum } = schema;
  const nullable = type !== 'integer';
  if (nullable && value === null) return;
  if (!Number.isInteger(value) || (value as number) < minimum || (value as number) > maximum) {
    const otherwise = nullable ? ', or null' : '';
    throw invalid(path, `must be a whole number from ${minimum} to ${maximum}${otherwise}`);
  }
}

function checkArray(schema: ArraySchema, value: unknown, path: string): void {
  const { items, maxItems } = schema;
  if (!Array.isArray(value)) throw invalid(path, 'must be an array');
  if (value.length > maxItems) throw invalid(path, `must hold at most ${maxItems} items`);
  value.forEach((item: unknown, index) => {
    check(items, item, `${path}[${index}]`);
  });
}

function checkObject(schema: ObjectSchema | FreeSchema, value: unknown, path: string): void {
  if (!isPlainObject(value)) throw invalid(path, 'must be an object');
  if (schema.additionalProperties) return;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(schema.properties, name))
      throw invalid(memberOf(path, name), 'is not known');
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) throw invalid(memberOf(path, name), 'is missing');
  }
  for (const [name, member] of Object.entries(schema.properties)) {
    if (Object.hasOwn(value, name)) check(member, value[name], memberOf(path, name));
  }
}

/** Errors name members of the body and of the query without the root. */
function memberOf(path: string, name: string): string {
  return pathOf(path, name).replace(/^(?:body|query)\./, '');
}
