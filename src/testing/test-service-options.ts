import { invalid } from '../errors.ts';
import { checkObject } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import type { ApiKeysOptions } from '../service/api-keys.ts';
import { type TokenFormat, tokenFormat } from '../token/format.ts';

/** The options that the helper sets itself. */
const OWN = ['store', 'clock'];

/**
 * The options of the service under test, so that its test keys have the same format, scopes and metadata.
 * They are the options of `createApiKeys` without `store` and `clock`, which the helpers set themselves. If
 * your service keeps its options in one object, pass it unchanged. All are optional.
 *
 * @example
 * ```ts
 * const options = {
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
 *   environments: ['live'],
 *   scopes: ['orders:read', 'orders:write'],
 * } as const;
 * const keys = createApiKeys({ ...options, store: memoryStore() }); // the service
 * const test = authenticatedAs({ scopes: ['orders:read'] }, options); // its test
 * ```
 */
export type TestServiceOptions<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> = Omit<
  ApiKeysOptions<Environment, Scope, Metadata, MetadataInput>,
  'format' | 'store' | 'clock'
> & {
  /** The format of tokens. Default: the brand `test`, with the environments `live` and `test`. */
  readonly format?: TokenFormat<Environment>;
};

/** Rejects a value that is no object, a `store` or a `clock`. The service checks the other options. */
export function checkOwn(options: unknown): void {
  checkObject(options, 'options');
  for (const name of OWN) {
    if (Object.hasOwn(options, name)) {
      throw invalid(`options.${name}`, 'must be left out: the helper has its own');
    }
  }
}

/**
 * Adds the default format to options without one. The service then accepts the environment `first`, unless
 * the options set others.
 */
export function withTestFormat(
  options: TestServiceOptions,
  first = options.environments?.[0] ?? 'live',
): TestServiceOptions & { readonly format: TokenFormat } {
  const { format } = options;
  if (format !== undefined) return { ...options, format };
  const environments = [...new Set([first, 'live', 'test'])];
  return {
    environments: [first],
    ...options,
    format: tokenFormat({ brand: 'test', environments }),
  };
}

/** The default environment of a key: the first that the service accepts. */
export function acceptedFirst(
  format: TokenFormat,
  [first = format.environments[0]]: readonly string[] = [],
): string {
  return first;
}
