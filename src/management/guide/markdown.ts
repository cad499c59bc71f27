/* The guide is written in CommonMark 0.31, with the tables and task lists of GitHub's dialect. */

export type Language = 'bash' | 'http' | 'javascript' | 'python' | 'go' | 'text';

/** Joins blocks, and leaves out empty ones. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

export function list(kind: 'steps' | 'list' | 'checklist', lines: readonly string[]): string {
  const items = lines.filter((line) => line !== '');
  const marker = (index: number) =>
    kind === 'steps' ? `${index + 1}.` : kind === 'list' ? '-' : '- [ ]';
  return items.map((item, index) => `${marker(index)} ${item}`).join('\n');
}

/** A highlighted note. */
export function note(line: string): string {
  return line === '' ? '' : `> ${line}`;
}

/** A block of code below its label. The HTML page turns the label into a caption. */
export function code(label: string, language: Language, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${escaped(label)}:\n\n${fence}${language}\n${text}\n${fence}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // Pipes in code are escaped too: a parser splits the cells before it reads their content.
  const cellOf = (cell: string) => cell.replace(/(?<!\\)\|/g, '\\|');
  const row = (cells: readonly string[]) => `| ${cells.map(cellOf).join(' | ')} |`;
  return [row(head.map(escaped)), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

export function codeSpan(text: string): string {
  const line = oneLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  // CommonMark §6.1: parsers remove one space at each end; it separates a backtick from the fence.
  const pad = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

export function link(text: string, url: string): string {
  const target = url.replace(/[<>\\]/g, encodeURIComponent).replace(ENTITY, '\\$&');
  return `[${escaped(text)}](<${target}>)`;
}

/** A character reference. */
const ENTITY = /&#?\w+;/g;

/** Escapes text, so that no character of it is read as Markdown. */
export function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]<>#|~]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu, '\\$&')
    .replace(ENTITY, '\\$&');
}

/** Joins the lines of a text: a new line could begin a block of another kind. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
