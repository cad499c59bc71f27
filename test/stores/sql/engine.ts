import type { SqlStore } from 'keywright/sqlite';

/** Told of each statement before it is sent. If it throws, the connection is cut instead. */
export type OnStatement = (sql: string, parameters: readonly unknown[]) => void;

/** An engine that tests run on, with what differs from others. */
export interface TestEngine {
  readonly name: string;
  /** Whether it is there; if not, `open` is not called. */
  readonly installed: boolean;
  /** A new, empty database. */
  open(): Promise<TestDatabase>;
  stop(): Promise<void>;
  /** Statements that make every insert of an event fail, and end that. */
  readonly refuseEvents: readonly string[];
  readonly admitEvents: readonly string[];
  /** Statements that tell the planner what is in the tables, as servers do by themselves in time. */
  readonly analyze: readonly string[];
  /** What `explain` says where rows are sorted, and where a whole table is read. */
  readonly sorts: RegExp;
  readonly scans: RegExp;
  /** What stands before the names of tables, such as `keywright.`; empty where nothing need. */
  readonly schema: string;
  /** @param database one that `open` made */
  migrationSql(database: TestDatabase): string;
}

export interface TestDatabase {
  /** Its name, where it has one. */
  readonly name: string;
  /** A store over connections of its own. */
  store(onStatement?: OnStatement): SqlStore;
  /** Runs statements over a connection of the test's own. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** How the engine would run a statement. */
  explain(sql: string, parameters: readonly unknown[]): Promise<string>;
  /** Ends all connections and removes the database. */
  remove(): Promise<void>;
}

/** A store that keeps what it sends. */
export function recorded(database: TestDatabase) {
  const statements: { sql: string; parameters: readonly unknown[] }[] = [];
  const store = database.store((sql, parameters) => {
    statements.push({ sql, parameters });
  });
  return { store, statements };
}
