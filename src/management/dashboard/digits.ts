/** Converts the decimal digits of every script to ASCII: Arabic, full-width and others (UAX #44, Nd). */
export function asciiDigits(text: string): string {
  // NFKC converts some. In the other scripts, the ten digits are consecutive code points.
  return text.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    let zero = point;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((point - zero) % 10);
  });
}
