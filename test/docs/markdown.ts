import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A page of the project in Markdown. */
export interface Page {
  /** Relative to the project: `docs/guide/sql.md`. */
  readonly path: string;
  readonly text: string;
}

/** All that people read in the project; the reference is made of them and of the sources. */
export const pages: readonly Page[] = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], {
  cwd: ROOT,
  exclude: ['docs/api/**'],
})
  .sort()
  .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));

/** What a page links to, as it is written: `../SECURITY.md#what-counts`. */
export function linksOf({ text }: Page): string[] {
  const prose = withoutCode(text);
  const inline = prose.matchAll(/\]\(([^()\s]+(?:\([^()\s]*\))?)\)/g);
  const referenced = prose.matchAll(/^\[[^\]]+\]: (\S+)$/gm);
  return [...inline, ...referenced].map(([, target = '']) => target);
}

/** The file that a link of a page leads to; `undefined` where it leads out of the project, or stays. */
export function targetOf({ path }: Page, link: string): string | undefined {
  const [file = ''] = link.split('#');
  if (file === '' || /^[a-z]+:/.test(link)) return undefined;
  return posix.join(posix.dirname(path), file);
}

/** Why a link of a page leads nowhere; `undefined` where it leads somewhere, or out of the project. */
export function faultOf(page: Page, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) {
    return /^(?:https:|mailto:)/.test(link) && URL.canParse(link)
      ? undefined
      : 'is no https address';
  }
  const [, anchor] = link.split('#');
  const path = targetOf(page, link);
  let target = page;
  if (path !== undefined) {
    if (path.startsWith('..') || !existsSync(ROOT + path)) return `there is no ${path}`;
    if (anchor === undefined) return undefined;
    target = { path, text: readFileSync(ROOT + path, 'utf8') };
  }
  if (anchor === undefined || anchorsOf(target).includes(anchor)) return undefined;
  return `${target.path} has no heading #${anchor}`;
}

/** The names in spans of code that look like paths of the project, with `*` for anything. */
export function pathsOf({ text }: Page): string[] {
  const spans = withoutBlocks(text).matchAll(/`([^`\n]+)`/g);
  return [...spans]
    .map(([, code = '']) => code)
    .filter((code) => /^(?:src|test|docs|\.ci|\.github)\/[\w./*-]+$/.test(code));
}

export function existsInProject(pattern: string): boolean {
  return existsSync(ROOT + pattern) || globSync(pattern, { cwd: ROOT }).length > 0;
}

/** The anchors that GitHub and TypeDoc give to the headings of a page. */
export function anchorsOf({ text }: Page): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replace(/`[^`\n]+`/g, '');
}

function withoutBlocks(text: string): string {
  return text.replace(/^ *```.*?^ *```$/gms, '');
}
