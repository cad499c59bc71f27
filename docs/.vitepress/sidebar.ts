import { globSync, readFileSync } from 'node:fs';

/** An entry of the sidebar: a page, or a group of entries. */
export interface Item {
  text: string;
  link?: string;
  items?: Item[];
}

/**
 * The pages in the order of the work. A page is named from the root of the project without `.md`; `*` stands
 * for the pages of a folder that no group names.
 */
const GROUPS: readonly (readonly [title: string, ...pages: string[]])[] = [
  ['Start', 'docs/guide/start', 'docs/guide/start/*'],
  ['Concepts', 'docs/guide/concepts', 'docs/guide/verification', 'docs/guide/types'],
  [
    'Guards',
    'docs/guide/guards',
    'docs/guide/frameworks/node',
    'docs/guide/frameworks/express',
    'docs/guide/frameworks/fastify',
    'docs/guide/frameworks/hono',
    'docs/guide/frameworks/fetch',
    'docs/guide/frameworks/next',
    'docs/guide/frameworks/nest',
    'docs/guide/frameworks/workers',
    'docs/guide/frameworks/*',
    'docs/guide/recipes/x-api-key',
    'docs/guide/recipes/rate-limit',
  ],
  [
    'Stores',
    'docs/guide/databases',
    'docs/guide/sql',
    'docs/guide/redis',
    'docs/guide/stores',
    'docs/guide/recipes/express-postgres',
    'docs/guide/recipes/fastify-sqlite',
  ],
  ['Create, rotate, revoke', 'docs/guide/keys', 'docs/guide/rotation', 'docs/guide/activity'],
  [
    'Dashboard',
    'docs/guide/management',
    'docs/guide/dashboard',
    'docs/guide/second-factor',
    'docs/guide/consumers',
  ],
  ['Production', 'docs/guide/production', 'docs/guide/why-401'],
  ['Scaling', 'docs/guide/scaling', 'docs/guide/fleet', 'docs/guide/engines'],
  ['Operations', 'docs/guide/cli', 'docs/guide/operators', 'docs/guide/recipes/*'],
  ['Migrating', 'docs/guide/migrating', 'docs/guide/migrating/*'],
  ['Testing', 'docs/guide/testing'],
  ['Reference', 'docs/guide/reference/*'],
  ['Security', 'docs/threat-model', 'docs/how-it-works', 'SECURITY'],
  ['Compare', 'docs/comparison'],
  ['More guides', 'docs/guide/*'],
];

/** The sidebar of the site. A page that exists stands in it once. */
export function sidebar(): Item[] {
  const named = new Set(GROUPS.flatMap(([, ...pages]) => pages.filter((page) => !isFolder(page))));
  return GROUPS.flatMap(([text, ...pages]) => {
    const items = pages
      .flatMap((page) => (isFolder(page) ? folderPages(page).filter((it) => !named.has(it)) : page))
      .map((page) => ({ text: titleOf(page), link: `/${page}.html` }));
    return items.length === 0 ? [] : [{ text, items }];
  });
}

function isFolder(page: string): boolean {
  return page.endsWith('/*');
}

function folderPages(pattern: string): string[] {
  return globSync(`${pattern}.md`)
    .map((path) => path.replaceAll('\\', '/').replace(/\.md$/, ''))
    .sort();
}

function titleOf(page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(`${page}.md`, 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${page}.md has no heading`);
  return title.replaceAll('`', '');
}
