import type { HttpRefusal } from '../http/refusal.ts';
import type { ForbidScopes } from '../http/scopes.ts';
import type { KeyStore } from '../store.ts';
import type { RandomText } from '../token/random.ts';
import type { Verifier } from '../verify.ts';
import type { FieldReader } from './fields.ts';
import type { Hooks } from './hooks.ts';
import type { MetadataSchema } from './metadata.ts';
import type { UsageLog } from './usage.ts';

/** What the operations of one `createApiKeys` share. */
export interface Service extends Verifier {
  readonly store: KeyStore;
  /** The environments that are accepted where a route does not say otherwise. */
  readonly environments: readonly string[];
  readonly scopes: readonly string[] | undefined;
  readonly metadata: MetadataSchema | undefined;
  readonly unauthorized: HttpRefusal;
  readonly forbid: ForbidScopes;
  readonly draw: RandomText;
  /** An id for a key that is made at the given time. */
  readonly nextId: (now: number) => string;
  readonly read: FieldReader;
  readonly hooks: Hooks;
  readonly usage: UsageLog;
}
