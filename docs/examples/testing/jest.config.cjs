/** Jest on TypeScript: a transform of one's own by esbuild; ts-jest, Babel and SWC do as well. */
module.exports = {
  testMatch: ['**/*.jest.ts'],
  transform: { '\\.ts$': './transform.cjs' },
};
