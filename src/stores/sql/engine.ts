import type { CompiledQuery } from 'kysely';
import type { Bytes } from './codec.ts';
import type { Dialect } from './dialect.ts';
import type { Step } from './schema.ts';
import type { Result, Script } from './script.ts';

/** A database that statements run on: all that differs between the clients of one family. */
export interface Engine {
  readonly dialect: Dialect;

  /** One statement, on its own. */
  run(statement: CompiledQuery): Promise<Result>;

  /** A script in a transaction of its own: it commits whole, or rejects and has left nothing. */
  transact<Outcome>(script: () => Script<Outcome>): Promise<Outcome>;

  /**
   * A script in a transaction of the host, which is left as it was before if the script fails.
   *
   * Rejects with `invalid_argument` for what is no open transaction of this database.
   */
  join<Outcome>(transaction: unknown, script: () => Script<Outcome>): Promise<Outcome>;

  /**
   * The hot path: the row that `statement` finds for a digest, its one parameter. Compiled once,
   * and run on the driver itself, at once where that answers without a promise.
   */
  lookup(statement: CompiledQuery): Lookup;

  /** Brings the schema up to date. */
  migrate(steps: readonly Step[]): Promise<void>;

  readonly push?: Push;
}

/** Gives a row, or a promise of one: the runtime's own `Promise`, which is told from a row. */
export type Lookup = (digest: Bytes) => Promise<unknown> | unknown;

/** How word of a change spreads. */
export interface Push {
  subscribe(listener: () => void): Promise<() => Promise<void>>;
  /** Tells this process that a change has committed, where the engine does not. */
  announce?(): void;
}
