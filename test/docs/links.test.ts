import { describe, expect, it } from 'vitest';
import { type Item, sidebar } from '../../docs/.vitepress/sidebar.ts';
import {
  anchorsOf,
  existsInProject,
  faultOf,
  linksOf,
  type Page,
  pages,
  pathsOf,
  targetOf,
} from './markdown.ts';

const inSidebar = linked(sidebar());
/** The page that the site begins with is linked from all others. */
const HOME = 'docs/index.md';
const guides = pages.filter(({ path }) => path.startsWith('docs/guide/'));

describe.each(pages)('$path', (page) => {
  it('links to what is there', () => {
    const faults = linksOf(page).map((link) => [link, faultOf(page, link)] as const);
    expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
  });

  it('names files that are there', () => {
    expect(pathsOf(page).filter((path) => !existsInProject(path))).toEqual([]);
  });
});

describe('a link that leads nowhere', () => {
  const page: Page = {
    path: 'docs/guide/made-up.md',
    text: [
      "# A `page` of one's own, and [more](sql.md)",
      '## Twice',
      '## Twice',
      '[a file](nowhere.md), [a heading](sql.md#nowhere), [outside](../../../other.md),',
      '[plain](http://example.com), [here](#elsewhere), [good](../../README.md#requirements)',
      '`[no link](of-code.md)` and `test/nowhere.ts`, `test/docs/*.test.ts`, `npm test`',
      '```ts',
      "const link = '[no link](of-code.md)';",
      '```',
      '[by name][name]',
      '[name]: by-name.md',
    ].join('\n'),
  };

  it('is found, whatever it lacks', () => {
    const faults = linksOf(page).map((link) => faultOf(page, link));
    expect(faults).toEqual([
      undefined,
      'there is no docs/guide/nowhere.md',
      'docs/guide/sql.md has no heading #nowhere',
      'there is no ../other.md',
      'is no https address',
      'docs/guide/made-up.md has no heading #elsewhere',
      undefined,
      'there is no docs/guide/by-name.md',
    ]);
  });

  it('is told from headings as their anchors are', () => {
    expect(anchorsOf(page)).toEqual(['a-page-of-ones-own-and-more', 'twice', 'twice-1']);
  });

  it('is found among names of files too', () => {
    expect(pathsOf(page)).toEqual(['test/nowhere.ts', 'test/docs/*.test.ts']);
    expect(pathsOf(page).map(existsInProject)).toEqual([false, true]);
  });
});

describe('the pages', () => {
  it('finds the pages of the project', () => {
    expect(guides.length).toBeGreaterThan(5);
    expect(pages.map(({ path }) => path)).toContain('SECURITY.md');
  });

  it('lists each page under docs/ once in the sidebar of the site', () => {
    const written = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
    const expected = [...written.filter((path) => path !== HOME), 'SECURITY.md'];
    expect([...inSidebar].sort()).toEqual(expected.sort());
  });

  it.each(guides)(
    'reaches each page of the guide by two links from the README: $path',
    ({ path }) => {
      const near = linkedFrom('README.md');
      expect([...near, ...near.flatMap(linkedFrom)]).toContain(path);
    },
  );
});

/** The files that a page of the project links to. */
function linkedFrom(path: string): string[] {
  const page = pages.find((it) => it.path === path);
  if (page === undefined) return [];
  return linksOf(page).flatMap((link) => targetOf(page, link) ?? []);
}

/** The pages that entries of a sidebar lead to. */
function linked(items: readonly Item[]): string[] {
  return items.flatMap(({ link, items: inner }) => [
    ...(link === undefined ? [] : [link.slice(1).replace(/\.html$/, '.md')]),
    ...linked(inner ?? []),
  ]);
}
