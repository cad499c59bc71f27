import type { Inline, Line } from './document.ts';

/** What `{name}` in a text stands for. */
export type Values = Readonly<Record<string, Inline | Line>>;

const MARKS = /`(?<code>[^`]+)`|\*\*(?<strong>.+?)\*\*|\{(?<name>\w+)\}/g;
const NAMES = /\{(\w+)\}/g;

/** A text with its marks read and its names filled in. What is filled in is not read again. */
export function lineOf(text: string, values: Values = {}): Line {
  const line: Inline[] = [];
  let end = 0;
  const upTo = (index: number) => {
    if (index > end) line.push({ kind: 'text', text: text.slice(end, index) });
  };
  for (const match of text.matchAll(MARKS)) {
    const { code, strong, name } = match.groups ?? {};
    const value = filledIn(values, name);
    if (name !== undefined && value === undefined) continue;
    upTo(match.index);
    end = match.index + match[0].length;
    if (value !== undefined) line.push(...value);
    else if (strong !== undefined) line.push({ kind: 'strong', content: lineOf(strong, values) });
    else if (code !== undefined) line.push({ kind: 'code', text: plain(code, values) });
  }
  upTo(text.length);
  return line;
}

/** A text with its names filled in, for where there is nothing but text. */
export function plain(text: string, values: Values): string {
  return text.replace(NAMES, (whole, name: string) => {
    const value = filledIn(values, name);
    return value === undefined ? whole : textOf(value);
  });
}

function textOf(line: Line): string {
  return line.map((part) => (part.kind === 'strong' ? textOf(part.content) : part.text)).join('');
}

function filledIn(values: Values, name: string | undefined): Line | undefined {
  if (name === undefined || !Object.hasOwn(values, name)) return undefined;
  const value = values[name] as Inline | Line;
  return 'kind' in value ? [value] : value;
}
