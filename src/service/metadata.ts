import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import { checkMetadata } from './arguments.ts';

/**
 * A validator of the Standard Schema specification, version 1 (standardschema.dev): zod, valibot,
 * arktype and others are such.
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
 * Metadata as it will be kept: what the schema makes of it, as plain JSON.
 *
 * What the schema's own message says is left out: some validators put the value itself in it.
 *
 * @throws KeywrightError `invalid_argument` that names the place, such as `metadata.plan`.
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
  throw invalid(place, 'is not what the schema of metadata asks for');
}
