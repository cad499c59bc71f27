/**
 * The functions of a test runner that a suite calls. Pass `describe` and `it` of vitest, Jest, Bun or
 * `node:test` unchanged.
 */
export interface TestRunner {
  /** Groups the checks of `body` under a name. */
  readonly describe: (name: string, body: () => void) => unknown;
  /**
   * Runs a check. Its promise rejects if the check fails.
   *
   * @param timeoutMs how long the check may take; a runner without time limits ignores it
   */
  readonly it: (name: string, check: () => Promise<void>, timeoutMs: number) => unknown;
}
