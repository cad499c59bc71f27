import { oncePer } from '../../once-per.ts';
import type { Dialect } from './dialect.ts';
import type { Statement } from './engine.ts';

/** A statement without its values. Each parameter is the name of a value, or the parameter itself. */
interface Shape {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Stands for a value while a statement is built. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The most cached shapes: filters can be combined in more ways than are worth caching. */
const KEPT_SHAPES = 100;

const shapesOf = oncePer((_: Dialect) => new Map<string, Shape>());

/**
 * Returns a statement that is built once for each form and set of present values: building and compiling
 * one takes as long as SQLite takes to read a page.
 *
 * @param form what the text depends on, in addition to which values are present
 * @param build builds the statement, and passes the values on unchanged
 */
export function shaped<Values extends object>(
  dialect: Dialect,
  form: string,
  values: Values,
  build: (values: Values) => { compile(): Statement },
): Statement {
  const kept = shapesOf(dialect);
  const names = Object.keys(values);
  const key = `${form} ${names.join()}`;
  let shape = kept.get(key);
  if (shape === undefined) {
    const named = Object.fromEntries(names.map((name) => [name, new Placeholder(name)]));
    shape = build(named as Values).compile();
    if (kept.size < KEPT_SHAPES) kept.set(key, shape);
  }
  const given = values as Readonly<Record<string, unknown>>;
  const parameters = shape.parameters.map((one) =>
    one instanceof Placeholder ? given[one.name] : one,
  );
  return { sql: shape.sql, parameters };
}
