import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import { checkMetadata } from './arguments.ts';

/**
 * A validator of the Standard Schema specification, version 1 (standardschema.dev), such as zod,
 * valibot or arktype.
 */
export interface MetadataSchema<Input extends object = object, Output extends object = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Validates metadata, and returns the schema's output as plain JSON.
 *
 * The error omits the schema's own message, because some validators include the value in it.
 *
 * @throws KeywrightError `invalid_argument` that names the path, such as `metadata.plan`.
 */
export async function validMetadata(
  schema: MetadataSchema | undefined,
  metadata: JsonObject,
): Promise<JsonObject> {
  if (schema === undefined) return metadata;
  const result = await schema['~standard'].validate(metadata);
  if (result.issues === undefined) return checkMetadata(result.value);
  let place = 'metadata';
  for (const part of result.issues[0]?.path ?? []) {
    place = pathOf(place, String(typeof part === 'object' ? part.key : part));
  }
  throw invalid(place, 'does not match the metadata schema');
}

/** Whether the schema rejects `{}`. */
export async function requiresMetadata(schema: MetadataSchema | undefined): Promise<boolean> {
  if (schema === undefined) return false;
  const result = await schema['~standard'].validate({});
  return result.issues !== undefined;
}
