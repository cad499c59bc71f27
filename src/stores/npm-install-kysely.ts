/*
 * The build imports Kysely through this module alone. Node's error for a missing package names the
 * module that imports it: "Cannot find package 'kysely' imported from …/npm-install-kysely.js".
 */
export {
  CompiledQuery,
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
