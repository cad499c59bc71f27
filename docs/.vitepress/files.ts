import { cpSync, existsSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** Files that pages link to and that are no pages: sources to copy. Paths from the root of the project. */
export const FILES = new Set<string>();

/** Links to files that are no pages lead to copies of them beside the pages. */
export function linkFiles(markdown: MarkdownRenderer): void {
  const open = markdown.renderer.rules.link_open;
  if (open === undefined) throw new Error('VitePress renders no links');
  markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const href = token?.attrGet('href') ?? '';
    const page = relative(process.cwd(), env.realPath ?? env.path).replaceAll('\\', '/');
    const file = posix.join(posix.dirname(page), href);
    if (/^[a-z]+:|^#|\.md(#|$)|\/$/.test(href) || !existsSync(file)) {
      return open(tokens, index, options, env, self);
    }
    FILES.add(file);
    token?.attrSet('target', '_blank');
    return self.renderToken(tokens, index, options);
  };
}

export function writeFiles(outDir: string, files: Iterable<string>): void {
  for (const file of files) cpSync(file, join(outDir, file));
}
