import { Marked, type MarkedExtension, type Token, type Tokens } from 'marked';
import { escaped } from '../html.ts';

/* Converts Markdown to HTML with Marked, and adds what Markdown lacks, such as captions. */

/** Converts a block of Markdown to HTML. @param id the id of the heading that labels its tables */
export function rendered(markdown: string, id: string): string {
  return new Marked(PLAIN, withRenderer(id)).parse(markdown, { async: false }).trim();
}

const inline = new Marked();

/** Converts a line of Markdown to HTML. */
export function renderedLine(markdown: string): string {
  return inline.parseInline(markdown, { async: false });
}

/** Removes the tags from a line of HTML, for use in an attribute. */
export function textOf(html: string): string {
  return html.replace(/<[^<>]*>/g, '');
}

const none = () => undefined;

/**
 * Turns off HTML and bare addresses, because texts of the application are plain text. Links are rendered
 * here because Marked leaves `&copy;` in an address, which a browser would read as a character.
 */
const PLAIN: MarkedExtension = {
  renderer: {
    link({ href, tokens }) {
      return `<a href="${escaped(href)}">${this.parser.parseInline(tokens)}</a>`;
    },
  },
  tokenizer: { html: none, tag: none, url: none },
  hooks: { processAllTokens: captioned },
};
inline.use(PLAIN);

/** A block of code with a caption. */
interface Captioned extends Tokens.Code {
  caption?: Token[];
}

/** Turns the label above a block of code into its caption. */
function captioned(tokens: Token[]): Token[] {
  const blocks = tokens.filter(({ type }) => type !== 'space');
  return blocks.filter((block, index) => {
    const next = blocks[index + 1];
    if (block.type !== 'paragraph' || next?.type !== 'code') return true;
    Object.assign(next, { caption: block.tokens });
    return false;
  });
}

function withRenderer(id: string): MarkedExtension {
  return {
    renderer: {
      // Scrollable content must be reachable by keyboard: WCAG 2.1.1.
      code({ text, lang = '', caption = [] }: Captioned) {
        const label = this.parser.parseInline(caption).replace(/:$/, '');
        return `<figure class="${escaped(lang)}">
<figcaption>${label}</figcaption>
<pre tabindex="0"><code>${escaped(text)}</code></pre>
</figure>\n`;
      },
      blockquote({ tokens }) {
        return this.parser.parse(tokens).replace('<p>', '<p class="note">');
      },
      list({ ordered, items }) {
        const content = items.map(({ tokens }) =>
          this.parser.parseInline(
            tokens.flatMap((token) => ('tokens' in token && token.tokens) || []),
          ),
        );
        const rows = content.map((item) => `<li>${item}</li>`).join('\n');
        if (ordered) return `<ol class="steps">\n${rows}\n</ol>\n`;
        // Without markers, Safari needs the role to announce a list.
        const kind = items[0]?.task ? ' class="checklist" role="list"' : '';
        return `<ul${kind}>\n${rows}\n</ul>\n`;
      },
      table({ header, rows }) {
        const cellOf = (tag: string, { tokens }: Tokens.TableCell) =>
          `<${tag}>${this.parser.parseInline(tokens)}</${tag.slice(0, 2)}>`;
        const body = rows.map(([first, ...cells]) => {
          const start = first === undefined ? '' : cellOf('th scope="row"', first);
          return `<tr>${start}${cells.map((cell) => cellOf('td', cell)).join('')}</tr>`;
        });
        return `<div class="table" role="group" aria-labelledby="${id}" tabindex="0">
<table aria-labelledby="${id}">
<thead><tr>${header.map((cell) => cellOf('th scope="col"', cell)).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>\n`;
      },
    },
  };
}
