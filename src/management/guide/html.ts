import { escaped } from '../html.ts';
import { directionOf } from '../texts/language.ts';
import type { GuideDocument, Section } from './document.ts';
import { rendered, renderedLine, textOf } from './render.ts';
import type { GuideTexts } from './texts.ts';

/** The files that the page refers to. */
interface Files {
  /** The path of the stylesheet. */
  readonly style: string;
  /** The path of the script that copies code. */
  readonly script: string;
  /** The path of the same page as Markdown. */
  readonly markdown: string;
}

/** The guide as an HTML page, without inline scripts or styles. */
export function htmlOf(guide: GuideDocument, texts: GuideTexts, files: Files): string {
  const { language, brand, title, lead, links, sections } = guide;
  const name = brand === undefined ? '' : `<bdi>${escaped(brand)}</bdi>`;
  const contents = sections.map(
    (section) => `<li><a href="#${section.id}">${textOf(renderedLine(section.title))}</a></li>`,
  );
  return `<!doctype html>
<html lang="${escaped(language)}" dir="${directionOf(language)}" data-copy="${escaped(texts.copy)}" data-copied="${escaped(texts.copied)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped([title, brand].filter((part) => part !== undefined).join(' · '))}</title>
<meta name="description" content="${textOf(renderedLine(lead))}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${files.style}">
<link rel="alternate" type="text/markdown" href="${files.markdown}">
<script type="module" src="${files.script}"></script>
</head>
<body>
<a class="skip" href="#content">${escaped(texts.skip)}</a>
<header>
<p class="brand">${name}</p>
<nav aria-label="${escaped(texts.links)}">${links.map(renderedLine).join('\n')}</nav>
</header>
<main id="content" tabindex="-1">
<h1>${escaped(title)}</h1>
<p class="lead">${renderedLine(lead)}</p>
<nav class="contents" aria-labelledby="contents-title">
<p id="contents-title">${escaped(texts.contents)}</p>
<ol>
${contents.join('\n')}
</ol>
</nav>
${sections.map(sectionHtml).join('\n')}
</main>
<footer><a href="${files.markdown}">${escaped(texts.markdown)}</a></footer>
</body>
</html>
`;
}

function sectionHtml(section: Section): string {
  const { id, parts = [] } = section;
  return `<section aria-labelledby="${id}">
${partHtml(section, 'h2')}
${parts.map((part) => partHtml(part, 'h3')).join('\n')}
</section>`;
}

function partHtml({ id, title, body }: Section, heading: 'h2' | 'h3'): string {
  const head = title === '' ? '' : `<${heading} id="${id}">${renderedLine(title)}</${heading}>\n`;
  return head + rendered(body, id);
}
