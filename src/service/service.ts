import type { PresentedLines } from '../http/credentials.ts';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import type { Changes } from '../rules/changes.ts';
import type { KeyStore } from '../store.ts';
import type { TickWheel } from '../tick-wheel.ts';
import type { RandomText } from '../token/random.ts';
import type { Verifier } from '../verify.ts';
import type { Authentication, Requirement } from './contract.ts';
import type { FieldReader } from './fields.ts';
import type { Hooks } from './hooks.ts';
import type { MetadataSchema } from './metadata.ts';
import type { UsageLog } from './usage.ts';

/** The settings and parts that all operations of one `createApiKeys` share. */
export interface Service extends Verifier {
  readonly store: KeyStore;
  readonly changes: Changes;
  /** The environments that are accepted unless a route names others. */
  readonly environments: readonly string[];
  readonly scopes: readonly string[] | undefined;
  readonly metadata: MetadataSchema | undefined;
  readonly unauthorized: HttpRefusal;
  readonly handle: ServiceHandle;
  /** Delays refusals of well-formed tokens. */
  readonly refusals: TickWheel;
  readonly draw: RandomText;
  /** Creates the id of a key that is created at the given time. */
  readonly nextId: (now: number) => string;
  readonly read: FieldReader;
  readonly hooks: Hooks;
  readonly usage: UsageLog;
}

/** `authenticate` for one requirement. Returns synchronously if the store does. */
export type PreparedAuthenticate = (
  presented: PresentedLines,
) => Authentication | Promise<Authentication>;

/** How guards and subpaths reach the service behind `keys.authenticate` or behind a principal. */
export interface ServiceHandle {
  readonly service: Service;
  /** @throws KeywrightError `invalid_argument` that names the part of the requirement. */
  prepare(requirement: Requirement): PreparedAuthenticate;
  /** Reports that a principal lacks scopes, and returns the 403 of this service. */
  forbid(principal: Principal, scopes: readonly string[]): HttpRefusal;
}
