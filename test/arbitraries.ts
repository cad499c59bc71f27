import fc from 'fast-check';

/** Any text at all: every UTF-16 code unit, in any order, lone surrogates too. */
export function anyText(maxLength = 50): fc.Arbitrary<string> {
  // The strings of code points that fast-check has take over a second to set up.
  return fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength })
    .map((units) => String.fromCharCode(...units));
}

/**
 * How often a property of the parser and the credentials is tried: so often, or as often as
 * `KEYWRIGHT_FUZZ_RUNS` says if that is more. `npm run test:fuzz` says a million.
 */
export function runs(usually: number): { numRuns: number } {
  return { numRuns: Math.max(usually, Number(process.env.KEYWRIGHT_FUZZ_RUNS ?? 0)) };
}
