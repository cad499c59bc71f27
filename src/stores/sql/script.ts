import type { Compilable, CompiledQuery } from 'kysely';

/** What a statement gave. */
export interface Result {
  readonly rows: readonly unknown[];
  /** Rows that were inserted, updated or deleted; what an engine counts as updated differs. */
  readonly changes: number;
}

/**
 * Statements in an order that depends on their results, apart from how they are run: step by step
 * over a connection, or in one go where a pause would let in what is not part of the transaction.
 */
export type Script<Outcome> = Generator<CompiledQuery, Outcome, Result>;

export function* read<Row>(query: Compilable<Row>): Script<readonly Row[]> {
  const { rows } = yield query.compile();
  return rows as readonly Row[];
}

export function* readFirst<Row>(query: Compilable<Row>): Script<Row | undefined> {
  const [row] = yield* read(query);
  return row;
}

export function* write(query: Compilable): Script<number> {
  const { changes } = yield query.compile();
  return changes;
}

/** Whether a statement gives rows. */
export function isRead({ query }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode';
}

/** Runs a script over a connection. A statement that fails throws at its place in the script. */
export async function drive<Outcome>(
  script: Script<Outcome>,
  run: (statement: CompiledQuery) => Promise<Result>,
): Promise<Outcome> {
  let step = script.next();
  while (!step.done) {
    const outcome = await run(step.value).then(
      (result) => () => script.next(result),
      (error: unknown) => () => script.throw(error),
    );
    step = outcome();
  }
  return step.value;
}

/** Runs a script without a pause. */
export function driveAtOnce<Outcome>(
  script: Script<Outcome>,
  run: (statement: CompiledQuery) => Result,
): Outcome {
  let step = script.next();
  while (!step.done) {
    let result: Result;
    try {
      result = run(step.value);
    } catch (error) {
      step = script.throw(error);
      continue;
    }
    step = script.next(result);
  }
  return step.value;
}
