/** Texts that some engine, driver or mapping is known to change. */
export const HOSTILE_TEXTS: readonly string[] = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'null',
  'undefined',
  'true',
  '0',
  '1e3',
  "Robert'); DROP TABLE keys; --",
  '"double" \'single\' `back`',
  'back\\slash \\\\ \\n \\u0041 \\0 \\',
  '100% _ %s %d {} [] $1 :name ?',
  '{"json":[1,2]}',
  '<script>&amp;</script>',
  ' leading and trailing ',
  'trailing  ',
  '🔑👩‍👩‍👧‍👦 𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
  'مفتاح\u202etxt.exe',
  '\u00e9 (composed) e\u0301 (not)',
  'ﬁ ½ ﷺ ẞ ß İ ı Σ ς',
  'a\u00a0b\u2028c\u2029d\u200be\ufefff\ufffdg\uffff',
  'a:b|c,d;e/f\\g.h*i',
];

/** Control characters, which are allowed only in JSON. */
export const CONTROL_TEXTS: readonly string[] = ['\t', '\n', '\r\n', '\u0001\u001f\u007f\u0085'];

/** Pairs of texts that some collation treats as equal. */
export const LOOKALIKES: readonly (readonly [string, string])[] = [
  ['A', 'a'],
  ['\u00e9', 'e\u0301'],
  ['\u00e9', 'e'],
  ['x', 'x '],
  ['x', ' x'],
  ['ß', 'ss'],
  ['I', 'ı'],
  ['Σ', 'σ'],
  ['１', '1'],
  ['ｱ', 'ア'],
  ['a\u200bb', 'ab'],
  ['a\u00adb', 'ab'],
  ['😀', '😁'],
  ['_', 'x'],
  ['%', 'xx'],
];
