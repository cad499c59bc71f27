import { invalid } from '../../errors.ts';
import type { KeyStore, TransactionOptions } from '../../store.ts';
import { retrying } from '../retry.ts';
import { cappedLookup } from './capped-lookup.ts';
import type { Engine } from './engine.ts';
import { eraseActorOf } from './erase.ts';
import { readFactor, writeFactor } from './factors.ts';
import { isTransient } from './failures.ts';
import { changeFeed } from './feed.ts';
import * as mutation from './mutations.ts';
import * as reading from './reads.ts';
import { migrationSteps } from './schema.ts';
import { drive, type Script } from './script.ts';
import { recordUsage, replaceDigest } from './usage.ts';

/** A store whose tables have to be made before it is used. */
export interface SqlStore extends KeyStore {
  /**
   * Brings the tables up to date. Safe to run from several processes at once, as every start of a
   * service may do, and to run again after one that was cut short. Drops nothing, and leaves alone
   * what a newer version has made.
   */
  migrate(): Promise<void>;
}

/** What can be said of a store in any SQL database. */
export interface SqlStoreOptions {
  /** Look-ups that may wait for an answer; one more is refused at once, as 503. Default 1,000. */
  readonly maxLookups?: number;
}

/** The one store of all SQL engines. */
export function sqlStore(engine: Engine, { maxLookups = 1000 }: SqlStoreOptions): SqlStore {
  if (!Number.isSafeInteger(maxLookups) || maxLookups < 1) {
    throw invalid('maxLookups', 'must be a whole number of at least 1');
  }
  const { dialect } = engine;
  const transient = (error: unknown) => isTransient(dialect.family, error);
  const lookup = cappedLookup(engine.lookup(reading.findByDigest(dialect)), maxLookups);
  const feed = changeFeed(engine, transact);

  /** A transaction of our own, run again where others were in its way. */
  function transact<Outcome>(script: () => Script<Outcome>): Promise<Outcome> {
    return retrying(() => engine.transact(script), transient);
  }

  /** Statements that need no transaction. */
  function once<Outcome>(script: () => Script<Outcome>): Promise<Outcome> {
    return retrying(() => drive(script(), (statement) => engine.run(statement)), transient);
  }

  /** In the transaction of the host where there is one, and else as it is done without. */
  function joining<Outcome>(
    options: TransactionOptions | undefined,
    script: () => Script<Outcome>,
    alone: typeof transact,
  ): Promise<Outcome> {
    const transaction = options?.transaction;
    return transaction === undefined ? alone(script) : engine.join(transaction, script);
  }

  /** A change of keys that turns a verdict: it resolves when no cache can miss it. */
  async function turn<Outcome>(
    script: () => Script<mutation.Turned<Outcome>>,
    options?: TransactionOptions,
  ): Promise<Outcome> {
    const { outcome, turn } = await joining(options, script, transact);
    // In a transaction of the host it has not committed: caches learn of it later.
    if (turn !== undefined && options?.transaction === undefined) {
      feed.announce();
      await feed.settle(turn);
    }
    return outcome;
  }

  return {
    findByDigest(digest) {
      try {
        return lookup(dialect.bytes(digest));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    find: (ref, options) => joining(options, () => reading.findKey(dialect, ref), once),
    list: (query) => once(() => reading.listKeys(dialect, query)),
    listActivity: (query) => once(() => reading.listActivityOf(dialect, query)),
    readChain: (owner, after, limit) =>
      once(() => reading.readChainOf(dialect, owner, after, limit)),
    head: (owner) => once(() => reading.headOfOwner(dialect, owner)),

    create: (key, trace, options) =>
      joining(options, () => mutation.createKey(dialect, key, trace), transact),
    update: (ref, change, trace, options) =>
      turn(() => mutation.updateKey(dialect, ref, change, trace), options),
    rotate: (ref, successor, trace, options) =>
      turn(() => mutation.rotateKey(dialect, ref, successor, trace), options),
    revoke: (ref, trace) => turn(() => mutation.revokeKey(dialect, ref, trace)),
    revokeAll: (owner, trace) => turn(() => mutation.revokeKeysOf(dialect, owner, trace)),
    eraseActor: (owner, actorId, trace) =>
      transact(() => eraseActorOf(dialect, owner, actorId, trace)),
    upgradeDigest: (id, from, to) => once(() => replaceDigest(dialect, id, from, to)),
    async recordUsage(usage) {
      if (usage.size === 0) return;
      const statement = recordUsage(dialect, usage);
      await retrying(() => engine.run(statement), transient);
    },

    factors: {
      read: (ref) => once(() => readFactor(dialect, ref)),
      write: (ref, change, trace) => transact(() => writeFactor(dialect, ref, change, trace)),
    },
    ...(dialect.leases ? { changes: feed.changes } : {}),
    migrate: () => engine.migrate(migrationSteps(dialect)),
  };
}
