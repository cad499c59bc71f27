import { KeywrightError } from '../../errors.ts';
import type { StoreFinding } from '../../store-finding.ts';
import type { Engine } from './engine.ts';
import { failureOf } from './failures.ts';
import { inspectSettings, probeReads } from './inspect.ts';
import { migrateTables } from './migrate.ts';

/** Emits a process warning, which Node, Deno and Bun print. Other runtimes have none. */
function warn(message: string): void {
  const { process } = globalThis as {
    process?: { emitWarning?(text: string, type: string): void };
  };
  process?.emitWarning?.(message, 'KeywrightWarning');
}

/** Messages of warnings that this process has emitted. */
const warned = new Set<string>();

/**
 * Creates the tables, after a check that the server can keep the promises.
 *
 * @throws KeywrightError `store_unsafe`, `store_not_migrated`, `store_unavailable`
 */
export async function migrateChecked(engine: Engine): Promise<void> {
  try {
    judge(await inspectSettings(engine));
    await migrateTables(engine);
    judge(await probeReads(engine));
  } catch (error) {
    throw failureOf(engine.dialect.family, error);
  }
}

function judge(findings: readonly StoreFinding[]): void {
  const refused = findings.find(({ severity }) => severity === 'refuse');
  if (refused !== undefined) {
    throw new KeywrightError('store_unsafe', `${refused.message}: ${refused.remedy}`);
  }
  for (const { message, remedy } of findings) {
    if (warned.has(message)) continue;
    warned.add(message);
    warn(`${message}: ${remedy}`);
  }
}
