import fc from 'fast-check';

/** Any text at all: every UTF-16 code unit, in any order, lone surrogates too. */
export function anyText(maxLength = 50): fc.Arbitrary<string> {
  // The strings of code points that fast-check has take over a second to set up.
  return fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength })
    .map((units) => String.fromCharCode(...units));
}
