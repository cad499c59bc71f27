import { invalid } from '../errors.ts';
import { checkObject } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import type { ApiKeysOptions } from '../service/api-keys.ts';
import { type TokenFormat, tokenFormat } from '../token/format.ts';

/** The options of a service that a helper has of its own. */
const OWN = ['store', 'clock'];

/**
 * What the service under test is made with, so that its keys in a test are the keys it takes: the
 * options of `createApiKeys`, but for `store` and `clock`, which the helpers have of their own. A
 * service that keeps its options in one place hands them over as they are. All may be left out.
 *
 * @example
 * ```ts
 * const options = {
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
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
  /** What tokens look like. Default: the brand `test`, with the environments `live` and `test`. */
  readonly format?: TokenFormat<Environment>;
};

/** Refuses what is no options, and a store or clock among them; the service itself checks the rest. */
export function checkOwn(options: unknown): void {
  checkObject(options, 'options');
  for (const name of OWN) {
    if (Object.hasOwn(options, name)) {
      throw invalid(`options.${name}`, 'must be left out: the helper has its own');
    }
  }
}

/** The format where none is given. A service that names no environments accepts the `first`. */
export function testFormat(first = 'live'): TokenFormat {
  return tokenFormat({ brand: 'test', environments: [...new Set([first, 'live', 'test'])] });
}

/** The environment of a key that is not told: the first that the service accepts. */
export function acceptedFirst(
  format: TokenFormat,
  [first = format.environments[0]]: readonly string[] = [],
): string {
  return first;
}
