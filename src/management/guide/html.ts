import { escaped } from '../html.ts';
import type { Block, GuideDocument, Inline, Line, Section } from './document.ts';
import type { GuideTexts } from './texts.ts';

/** What the page refers to. */
interface Files {
  /** The path of the stylesheet. */
  readonly style: string;
  /** The path of the same page as Markdown. */
  readonly markdown: string;
}

/** The guide as an HTML page, without any script and without style of its own. */
export function htmlOf(guide: GuideDocument, texts: GuideTexts, files: Files): string {
  const { language, brand, title, lead, sections } = guide;
  const name = brand === undefined ? '' : `<bdi>${escaped(brand)}</bdi>`;
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped([title, brand].filter((part) => part !== undefined).join(' · '))}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${files.style}">
<link rel="alternate" type="text/markdown" href="${files.markdown}">
</head>
<body>
<a class="skip" href="#content">${escaped(texts.skip)}</a>
<header>
<p class="brand">${name}</p>
<nav aria-label="${escaped(texts.links)}">${linksText(guide)}</nav>
</header>
<main id="content" tabindex="-1">
<h1>${escaped(title)}</h1>
<p class="lead">${textOf(lead)}</p>
<nav class="contents" aria-labelledby="contents-title">
<p id="contents-title">${escaped(texts.contents)}</p>
<ol>
${sections.map((section) => `<li><a href="#${section.id}">${escaped(section.title)}</a></li>`).join('\n')}
</ol>
</nav>
${sections.map(sectionText).join('\n')}
</main>
<footer><a href="${files.markdown}">${escaped(texts.markdown)}</a></footer>
</body>
</html>
`;
}

function linksText({ links }: GuideDocument): string {
  return links.map(({ text, url }) => link(text, url)).join('\n');
}

function sectionText({ id, title, blocks }: Section): string {
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escaped(title)}</h2>
${blocks.map(blockText).join('\n')}
</section>`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textOf(block.line)}</p>`;
    case 'heading':
      return `<h3 id="${block.id}">${textOf(block.line)}</h3>`;
    case 'note':
      return `<p class="note">${textOf(block.line)}</p>`;
    case 'steps':
      return `<ol class="steps">\n${itemsText(block.items)}\n</ol>`;
    case 'list':
      return `<ul>\n${itemsText(block.items)}\n</ul>`;
    case 'checklist':
      // Safari tells of no list where there are no markers, unless it is told.
      return `<ul class="checklist" role="list">\n${itemsText(block.items)}\n</ul>`;
    case 'code':
      return codeText(block);
    case 'table':
      return tableText(block);
  }
}

function itemsText(items: readonly Line[]): string {
  return items.map((item) => `<li>${textOf(item)}</li>`).join('\n');
}

/** What scrolls can be reached by keyboard: WCAG 2.1.1. */
function codeText({ label, language, code }: Extract<Block, { kind: 'code' }>): string {
  return `<figure class="${language}">
<figcaption>${escaped(label)}</figcaption>
<pre tabindex="0"><code>${escaped(code)}</code></pre>
</figure>`;
}

function tableText({ caption, head, rows }: Extract<Block, { kind: 'table' }>): string {
  const label = escaped(caption);
  const body = rows.map(([first = [], ...cells]) => {
    const others = cells.map((cell) => `<td>${textOf(cell)}</td>`).join('');
    return `<tr><th scope="row">${textOf(first)}</th>${others}</tr>`;
  });
  return `<div class="table" role="region" aria-label="${label}" tabindex="0">
<table>
<caption>${label}</caption>
<thead><tr>${head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>`;
}

function textOf(line: Line): string {
  return line.map(inlineText).join('');
}

function inlineText(part: Inline): string {
  switch (part.kind) {
    case 'text':
      return escaped(part.text);
    case 'name':
      return `<bdi>${escaped(part.text)}</bdi>`;
    case 'code':
      return `<code>${escaped(part.text)}</code>`;
    case 'strong':
      return `<strong>${textOf(part.content)}</strong>`;
    case 'link':
      return link(part.text, part.url);
  }
}

function link(text: string, url: string): string {
  return `<a href="${escaped(url)}">${escaped(text)}</a>`;
}
