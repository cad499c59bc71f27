import { runSuite } from './suite.ts';

/** For `workerd test`, which calls `test` of the worker and fails if it rejects. */
export default {
  async test(): Promise<void> {
    const { passed, failed } = await runSuite();
    console.log(`${passed} passed, ${failed} failed`);
    if (failed > 0) throw new Error(`${failed} checks failed`);
  },
};
