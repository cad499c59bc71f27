import type { Block, Language, Line } from './document.ts';

/* What stands in a section. A text that the host has emptied leaves no trace. */

export function paragraph(line: Line): Block[] {
  return line.length === 0 ? [] : [{ kind: 'paragraph', line }];
}

export function note(line: Line): Block[] {
  return line.length === 0 ? [] : [{ kind: 'note', line }];
}

export function heading(id: string, line: Line): Block[] {
  return line.length === 0 ? [] : [{ kind: 'heading', id, line }];
}

export function listOf(kind: 'steps' | 'list' | 'checklist', lines: readonly Line[]): Block[] {
  const items = lines.filter((line) => line.length > 0);
  return items.length === 0 ? [] : [{ kind, items }];
}

export function code(label: string, language: Language, text: string): Block[] {
  return [{ kind: 'code', label, language, code: text }];
}
