import { codeSpan, escaped } from './markdown.ts';

/** The value of a placeholder `{name}`, as plain text and as Markdown. */
export interface Value {
  readonly text: string;
  readonly markdown: string;
}

export type Values = Readonly<Record<string, Value>>;

const MARKS = /`(?<code>[^`]+)`|\*\*(?<strong>.+?)\*\*|\{(?<name>\w+)\}/g;
const NAMES = /\{(\w+)\}/g;

/** A text as Markdown, with its placeholders filled in. Placeholders within values stay as they are. */
export function lineOf(text: string, values: Values = {}): string {
  // At the start of a line, these characters could begin a list or underline a heading.
  return inlineOf(text, values)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

function inlineOf(text: string, values: Values): string {
  let line = '';
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const { code, strong, name = '' } = match.groups ?? {};
    const value = valueNamed(values, name);
    if (code === undefined && strong === undefined && value === undefined) continue;
    line += escaped(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (code !== undefined) line += codeSpan(plain(code, values));
    else if (strong === undefined) line += value?.markdown ?? '';
    else line += strongOf(line, inlineOf(strong, values), text.slice(end));
  }
  return line + escaped(text.slice(end));
}

/**
 * CommonMark §6.2: next to a letter, `**` neither opens before punctuation nor closes after it. In a
 * language without spaces between words, insert a space there.
 */
function strongOf(before: string, content: string, after: string): string {
  const open = /[\p{L}\p{N}]$/u.test(before) && /^[\p{P}\p{S}]/u.test(content) ? ' **' : '**';
  const close = /[\p{P}\p{S}]$/u.test(content) && /^[\p{L}\p{N}{]/u.test(after) ? '** ' : '**';
  return open + content + close;
}

/** A text as plain text, with its placeholders filled in. */
export function plain(text: string, values: Values): string {
  return text.replace(NAMES, (whole, name: string) => valueNamed(values, name)?.text ?? whole);
}

function valueNamed(values: Values, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

export function textValue(text: string): Value {
  return { text, markdown: escaped(text) };
}

export function codeValue(text: string): Value {
  return { text, markdown: codeSpan(text) };
}
