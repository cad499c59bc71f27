/**
 * What a suite needs of a test runner. The `describe` and `it` of vitest, Jest, Bun and `node:test`
 * fit as they are.
 */
export interface TestRunner {
  /** Puts the checks of `body` under a name. */
  readonly describe: (name: string, body: () => void) => unknown;
  /**
   * Runs a check, whose promise rejects where it fails.
   *
   * @param timeoutMs how long the check may take; a runner without time limits ignores it
   */
  readonly it: (name: string, check: () => Promise<void>, timeoutMs: number) => unknown;
}
