import type { Block, GuideDocument, Inline, Line } from './document.ts';

/** The guide as Markdown: CommonMark 0.31, and the tables of GitHub's dialect. */
export function markdownOf({ brand, title, lead, links, sections }: GuideDocument): string {
  const heading = [title, brand].filter((part) => part !== undefined).join(' · ');
  const parts = [
    `# ${escaped(heading)}`,
    textOf(lead),
    links.map(({ text, url }) => `- ${link(text, url)}`).join('\n'),
    ...sections.flatMap((section) => [
      `## ${escaped(section.title)}`,
      ...section.blocks.map(blockText),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return textOf(block.line);
    case 'heading':
      return `### ${textOf(block.line)}`;
    case 'note':
      return `> ${textOf(block.line)}`;
    case 'steps':
      return block.items.map((item, index) => `${index + 1}. ${textOf(item)}`).join('\n');
    case 'list':
      return block.items.map((item) => `- ${textOf(item)}`).join('\n');
    case 'checklist':
      return block.items.map((item) => `- [ ] ${textOf(item)}`).join('\n');
    case 'code':
      return codeText(block);
    case 'table':
      return tableText(block);
  }
}

function codeText({ label, language, code }: Extract<Block, { kind: 'code' }>): string {
  const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
  return `${escaped(label)}:\n\n${fence}${language}\n${code}\n${fence}`;
}

function tableText({ head, rows }: Extract<Block, { kind: 'table' }>): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(head.map(escaped)),
    row(head.map(() => '---')),
    // The pipes of code are escaped as well: cells are told apart before anything in them is read.
    ...rows.map((cells) =>
      row(cells.map((cell) => textOf(cell, (code) => code.replace(/\|/g, '\\|')))),
    ),
  ].join('\n');
}

type CodeText = (code: string) => string;

function textOf(line: Line, codeOf: CodeText = (code) => code): string {
  const text = line.map((part) => inlineText(part, codeOf)).join('');
  // What begins a line may be taken for the beginning of a list or of an underlined heading.
  return text.replace(/^[-+=]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2');
}

function inlineText(part: Inline, codeOf: CodeText): string {
  switch (part.kind) {
    case 'text':
    case 'name':
      return escaped(part.text);
    case 'code':
      return codeSpan(codeOf(part.text));
    case 'strong':
      return `**${part.content.map((inner) => inlineText(inner, codeOf)).join('')}**`;
    case 'link':
      return link(part.text, part.url);
  }
}

function codeSpan(code: string): string {
  const text = oneLine(code);
  const fence = '`'.repeat(longestRun(text) + 1);
  // CommonMark §6.1: a space at both ends is taken away, and parts a backtick from the fence.
  const pad = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function link(text: string, url: string): string {
  const target = url.replace(/[<>\\]/g, encodeURIComponent).replace(ENTITY, '\\&');
  return `[${escaped(text)}](<${target}>)`;
}

/** An ampersand that begins a character reference. */
const ENTITY = /&(?=#?\w+;)/g;

/** Text that says what it says: no character of it is taken for a mark. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]<>#|~]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu, '\\$&')
    .replace(ENTITY, '\\&');
}

/** A line that ends in the middle of a text might begin a block of another kind. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
