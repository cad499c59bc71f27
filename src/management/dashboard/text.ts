import { TEXTS } from './texts.ts';

export type TextName = keyof typeof TEXTS;

/** Names of texts that count, without their plural category. */
type CountName = TextName extends infer Name
  ? Name extends `${infer Stem}.other`
    ? Stem
    : never
  : never;

type Values = Readonly<Record<string, string | number>>;

/** The texts of one dashboard: those of the host where it gives them, and else its own. */
export class Texts {
  readonly language: string;
  readonly #texts: Readonly<Record<string, string>>;
  readonly #plurals: Intl.PluralRules;

  constructor(...replaced: readonly Readonly<Record<string, string>>[]) {
    this.#texts = Object.assign({}, TEXTS, ...replaced);
    this.language = languageOf(this.#texts.language);
    this.#plurals = new Intl.PluralRules(this.language);
  }

  of(name: TextName, values: Values = {}): string {
    return fill(this.#texts[name] ?? '', values).join('');
  }

  /** A text with templates in the places of its values. */
  rich(name: TextName, values: Readonly<Record<string, unknown>>): unknown[] {
    return fill(this.#texts[name] ?? '', values);
  }

  /** The text for `count` of something; numbers are written as the language writes them. */
  count(name: CountName, count: number): string {
    const text = this.#texts[`${name}.${this.#plurals.select(count)}`];
    const shown = count.toLocaleString(this.language);
    return fill(text ?? this.#texts[`${name}.other`] ?? '', { count: shown }).join('');
  }

  /** What to say of an error of the API. */
  error(error: unknown): string {
    const name = `error.${(error as { code?: unknown }).code}`;
    return this.#texts[name] ?? this.of('error.unexpected');
  }
}

function fill<Value>(text: string, values: Readonly<Record<string, Value>>): (Value | string)[] {
  return text.split(/\{(\w+)\}/).map((part, i) => (i % 2 === 0 ? part : (values[part] ?? '')));
}

function languageOf(tag: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? TEXTS.language;
  } catch {
    return TEXTS.language;
  }
}

/**
 * Foreign text to stand in a sentence of an attribute, where no `<bdi>` can: between U+2068 and
 * U+2069, so that its direction marks do not reach the words around it (UAX #9 §2.4).
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
