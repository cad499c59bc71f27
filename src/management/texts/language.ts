/** Scripts that are written from right to left. */
const RIGHT_TO_LEFT = /^(?:Adlm|Arab|Hebr|Mand|Mend|Nkoo|Rohg|Samr|Syrc|Thaa|Yezi)$/;

/** Returns the canonical form of a BCP 47 tag, or of POSIX's `de_DE.UTF-8`; `undefined` for other text. */
export function languageTag(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales((text.split(/[.@]/)[0] ?? '').replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

/** The writing direction of a language. Firefox has no `Intl.Locale.getTextInfo()`. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr';
}
