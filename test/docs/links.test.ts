import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import site from '../../typedoc.config.ts';
import {
  anchorsOf,
  existsInProject,
  faultOf,
  linksOf,
  type Page,
  pages,
  pathsOf,
} from './markdown.ts';

const documents = site.projectDocuments ?? [];
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
      '[plain](http://example.com), [here](#elsewhere), [good](../../README.md#stores)',
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
  it('are those of the project', () => {
    expect(guides.length).toBeGreaterThan(5);
    expect(pages.map(({ path }) => path)).toContain('SECURITY.md');
  });

  it('under docs/ are all part of the site', () => {
    const cwd = new URL('../../', import.meta.url).pathname;
    const published = documents.flatMap((glob) => globSync(glob, { cwd }));
    const written = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
    expect(published).toEqual(expect.arrayContaining(written));
  });

  it('of the site are all there', () => {
    expect(documents.filter((glob) => !existsInProject(glob))).toEqual([]);
  });

  it.each(guides)('of the guide are linked from the README: $path', ({ path }) => {
    const readme = pages.find((page) => page.path === 'README.md') as Page;
    expect(linksOf(readme).map((link) => link.split('#')[0])).toContain(path);
  });
});
