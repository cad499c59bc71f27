import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { drawDiagrams } from './diagrams.ts';
import { FILES, linkFiles, writeFiles } from './files.ts';
import { type Item, sidebar } from './sidebar.ts';
import { nameHeaders } from './tables.ts';

/** The reference that TypeDoc writes before the site is built. */
const REFERENCE = 'docs/api/typedoc-sidebar.json';
const reference: Item[] = existsSync(REFERENCE) ? JSON.parse(readFileSync(REFERENCE, 'utf8')) : [];

/** The picture of docs/index.md, whose frontmatter Vite does not read. */
const HOME_IMAGE = 'docs/images/keys-light.png';

export default defineConfig({
  title: 'Keywright',
  description: 'API keys for your own service: issue, verify, rotate, revoke, audit.',
  lang: 'en',
  // The root of the project, so that pages have the addresses that they link to each other by.
  srcDir: '..',
  srcExclude: ['README.md', 'CONTRIBUTING.md', '{src,test,dist,coverage,reports}/**'],
  rewrites: { 'docs/index.md': 'index.md' },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    // Contrast of 4.5 to 1 in both, which the themes by default miss.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // As GitHub does, so that an anchor works in both.
    anchor: { slugify: githubSlug },
    languageAlias: { text: 'txt' },
    config(markdown) {
      drawDiagrams(markdown);
      linkFiles(markdown);
      nameHeaders(markdown);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/docs/guide/start.html' },
      { text: 'Guides', link: '/docs/guide/concepts.html' },
      { text: 'Reference', link: '/docs/api/index.html' },
      { text: 'Changes', link: '/CHANGELOG.html' },
    ],
    sidebar: { '/docs/api/': opened(reference), '/': sidebar() },
  },
  buildEnd: ({ outDir }) => writeFiles(outDir, [...FILES, HOME_IMAGE]),
});

/** Groups without a button to fold them: VitePress puts one into the other, which a screen reader cannot tell. */
function opened(items: readonly Item[]): Item[] {
  return items.map(({ text, link, items: inner }) => ({
    text,
    ...(link && { link }),
    ...(inner && { items: opened(inner) }),
  }));
}

function githubSlug(heading: string): string {
  return (
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      // TypeDoc writes links to `ERROR_CODES` so.
      .replace(/[ _]/g, '-')
  );
}
