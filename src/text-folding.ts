/**
 * Folds text for a search: removes differences of case and Unicode form.
 * `Straße`, `STRASSE` and `ＳＴＲＡＳＳＥ` fold to `strasse`; `é` folds to one code point, however it was
 * typed. Folding a folded text changes nothing. Every engine compares the folded text byte for byte.
 *
 * JavaScript has no case folding (Unicode §5.18). Mapping to lower, upper and lower case has the same
 * effect, except for the final sigma: `ẞ` becomes `ß`, `SS` and `ss`.
 */
export function foldText(text: string): string {
  const cased = text
    .normalize('NFKD')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ');
  return cased.normalize('NFKC');
}

/** Replaces the decimal digits of every script by 0 to 9: `١٢٣` and `１２３` become `123`. */
export function foldDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

/** Unicode encodes the digits of a script in a row from 0 to 9. Some rows are adjacent. */
function digitValue(codePoint: number): number {
  let first = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return (codePoint - first) % 10;
}
