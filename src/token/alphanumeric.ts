/**
 * Whether a character code is one of `0-9A-Za-z`. Uses only arithmetic: in a busy server, neither a table
 * nor a compiled expression is in the processor's cache, and fetching one costs a microsecond.
 */
export function isAlphanumeric(code: number): boolean {
  const folded = code | 0x20; // upper-case letters are lower-case with bit 5
  return (code >= 0x30 && code <= 0x39) || (folded >= 0x61 && folded <= 0x7a);
}
