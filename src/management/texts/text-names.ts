import { languageTag } from './language.ts';
import { TEXTS } from './texts.ts';

/** A problem with a text that the application has set. */
export interface TextProblem {
  readonly name: string;
  readonly problem: string;
}

/** Finds a text with an unknown name, that is no string, or no language; `undefined` if there is none. */
export function problemOf(texts: Readonly<Record<string, unknown>>): TextProblem | undefined {
  for (const [name, text] of Object.entries(texts)) {
    if (!isKnown(name))
      return { name, problem: 'is not known: TEXTS of keywright/dashboard has all' };
    if (typeof text !== 'string') return { name, problem: 'must be a string' };
    if (name === 'language' && languageTag(text) === undefined) {
      return { name, problem: 'must be a BCP 47 tag such as de or pt-BR' };
    }
  }
  return undefined;
}

/** A language may have more plural categories than English. */
function isKnown(name: string): boolean {
  if (Object.hasOwn(TEXTS, name)) return true;
  const [, stem] = /^(.+)\.(?:zero|two|few|many)$/.exec(name) ?? [];
  return stem !== undefined && Object.hasOwn(TEXTS, `${stem}.other`);
}
