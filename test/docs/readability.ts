import readability from 'text-readability';
import { type Page, pages } from './markdown.ts';

/** The sentences of a page: paragraphs and items of lists, without code, tables, links and headings. */
function proseOf({ text }: Page): string {
  return text
    .replace(/^---\n.*?^---\n/ms, '')
    .replace(/^ *```.*?^ *```$/gms, '')
    .replace(/^(?:#|\||<|\[[^\]]+\]:).*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`\n]*`/g, 'code')
    .replace(/^\s*(?:[-*]|\d+\.) /gm, '')
    .replace(/[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}/g, '')
    .trim();
}

function sentencesOf(prose: string): number[] {
  return prose
    .split(/(?<=[.!?:])\s+|\n\n+/)
    .map((sentence) => sentence.split(/\s+/).filter(Boolean).length)
    .filter((words) => words > 1);
}

/** One line a page: Flesch's reading ease, the grade of Flesch and Kincaid, and the length of sentences. */
const table = pages.flatMap((page) => {
  const prose = proseOf(page);
  const sentences = sentencesOf(prose);
  if (sentences.length === 0) return [];
  const words = sentences.reduce((sum, count) => sum + count, 0);
  return {
    page: page.path,
    ease: Math.round(readability.fleschReadingEase(prose)),
    grade: Number(readability.fleschKincaidGrade(prose).toFixed(1)),
    'words a sentence': Number((words / sentences.length).toFixed(1)),
    'sentences over 25 words': sentences.filter((count) => count > 25).length,
  };
});

console.table(table.sort((a, b) => a.ease - b.ease));
