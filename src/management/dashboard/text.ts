import { directionOf, languageTag } from '../texts/language.ts';
import { TEXTS } from '../texts/texts.ts';

export type TextName = keyof typeof TEXTS;

/** Names of texts with a count, without their plural category. */
type CountName = TextName extends infer Name
  ? Name extends `${infer Stem}.other`
    ? Stem
    : never
  : never;

type Values = Readonly<Record<string, string | number>>;

/** The texts of one dashboard: its own, unless the application replaces them. */
export class Texts {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly #texts: Readonly<Record<string, string>>;
  readonly #plurals: Intl.PluralRules;

  constructor(...replaced: readonly Readonly<Record<string, string>>[]) {
    this.#texts = Object.assign({}, TEXTS, ...replaced);
    this.language = languageTag(this.#texts.language ?? '') ?? TEXTS.language;
    this.direction = directionOf(this.language);
    this.#plurals = new Intl.PluralRules(this.language);
  }

  of(name: TextName, values: Values = {}): string {
    return fill(this.#texts[name] ?? '', values).join('');
  }

  /** A text with templates as the values of its placeholders. */
  rich(name: TextName, values: Readonly<Record<string, unknown>>): unknown[] {
    return fill(this.#texts[name] ?? '', values);
  }

  /** The text for `count` of something, with the number formatted for the language. */
  count(name: CountName, count: number): string {
    const text = this.#texts[`${name}.${this.#plurals.select(count)}`];
    const shown = count.toLocaleString(this.language);
    return fill(text ?? this.#texts[`${name}.other`] ?? '', { count: shown }).join('');
  }

  /** Folds a text for comparison, so that case and character forms do not matter. */
  fold(text: string): string {
    const { language } = this;
    // Upper case first: `straße` and `STRASSE` are the same word.
    return text.normalize('NFKC').toLocaleUpperCase(language).toLocaleLowerCase(language);
  }

  /** The text for an error of the API. */
  error(error: unknown): string {
    const { code, message = '' } = error as { code?: unknown; message?: string };
    const text = this.#texts[`error.${code}`];
    return text === undefined ? this.of('error.unexpected') : fill(text, { message }).join('');
  }
}

function fill<Value>(text: string, values: Readonly<Record<string, Value>>): (Value | string)[] {
  return text.split(/\{(\w+)\}/).map((part, i) => (i % 2 === 0 ? part : (values[part] ?? '')));
}

/**
 * Isolates foreign text within a sentence of an attribute, where `<bdi>` is impossible. U+2068 and
 * U+2069 keep its direction marks from changing the words around it (UAX #9 §2.4).
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
