import { runSuite } from './suite.ts';

// Node, Bun and Deno: the whole runtime is a process, and the counts are its last line.
const { passed, failed } = await runSuite();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
