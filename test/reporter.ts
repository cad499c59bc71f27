import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** What a run came to. A suite or module that failed outside its tests counts as one failure. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts a finished run, so that `failed` is zero exactly when Vitest exits with zero. */
export function count(
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
  reason: TestRunEndReason,
): Counts {
  const counts: Counts = { passed: 0, failed: unhandled.length, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length > 0 ? 1 : 0;
    for (const suite of module.children.allSuites()) {
      counts.failed += suite.errors().length > 0 ? 1 : 0;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that is still pending when the run has ended was cut off: it has not passed.
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  if (reason !== 'passed' && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The line by which a run is counted from outside. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Prints the counts of the run as the last line of the process. */
export default class CountsReporter implements Reporter {
  #counts: Counts = { passed: 0, failed: 1, skipped: 0 };

  onInit(): void {
    // Other reporters and Vitest's own shutdown still print after the run has ended.
    process.once('exit', () => writeSync(1, `${summary(this.#counts)}\n`));
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    this.#counts = count(modules, unhandled, reason);
  }
}
