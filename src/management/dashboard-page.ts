/// <reference path="./virtual-dashboard.d.ts" />
import { script, style } from 'virtual:keywright-dashboard';
import { defined } from '../json.ts';
import { escaped } from './html.ts';
import type { Settings } from './options.ts';
import { asset, type Page, page } from './pages.ts';
import { directionOf } from './texts/language.ts';

/**
 * The dashboard page and the files it loads. The names of the files contain their digests, so caches need
 * not revalidate them. None of them holds data of an owner: the page requests that from the API, with
 * the session of the person who views it.
 */
export function dashboardPages({ basePath, brand, texts, signInUrl }: Settings): Page[] {
  const scriptFile = asset('dashboard', 'js', script);
  const styleFile = asset('dashboard', 'css', style);
  const { title = 'API keys', language = 'en' } = texts;
  const brandName = brand.name === title ? undefined : brand.name;
  const attributes = attributesOf(
    defined({
      'base-path': basePath,
      'heading-level': '1',
      'uses-fragment': '',
      'sign-in-url': signInUrl,
      texts: Object.keys(texts).length === 0 ? undefined : JSON.stringify(texts),
    }),
  );
  const html = `<!doctype html>
<html${attributesOf({ lang: language, dir: directionOf(language) })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped([title, brandName].filter(Boolean).join(' · '))}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${basePath}${styleFile.path}">
<script type="module" src="${basePath}${scriptFile.path}"></script>
</head>
<body>
${brandName === undefined ? '' : `<header>${escaped(brandName)}</header>\n`}<main>
<keywright-keys${attributes}></keywright-keys>
</main>
</body>
</html>
`;
  return [page('/', 'text/html; charset=utf-8', html), scriptFile, styleFile];
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}
