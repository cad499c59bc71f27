import { kyselyStore } from 'keywright/kysely';
import { testKeyStore } from 'keywright/testing';
import { Kysely } from 'kysely';
import { D1Dialect, type D1DialectConfig } from 'kysely-d1';
import { checksOf } from '../../runtimes/collect.ts';

interface Env {
  readonly DB: D1DialectConfig['database'];
}

/** As docs/guide/sql.md has it. */
function storeOn(env: Env) {
  const db = new Kysely({ dialect: new D1Dialect({ database: env.DB }) });
  return kyselyStore(db, {
    batch: (statements) =>
      env.DB.batch(
        statements.map(({ sql, parameters }) => env.DB.prepare(sql).bind(...parameters)),
      ),
  });
}

/** The conformance suite over D1. Without an environment it can be listed, but not run. */
export function checksOn(env?: Env) {
  const open = () => {
    if (env === undefined) throw new Error('there is no database outside a Worker');
    return { store: storeOn(env), other: storeOn(env) };
  };
  return checksOf((runner) => testKeyStore(open, runner, { changes: 'none' }));
}

/** Runs the check that the request names, and answers what has failed, or nothing. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const name = await request.text();
    const found = checksOn(env).find((check) => check.name === name);
    try {
      if (found === undefined) throw new Error('there is no such check');
      await found.check();
      return new Response();
    } catch (error) {
      return new Response((error as Error).stack ?? String(error), { status: 500 });
    }
  },
};
