import type { MarkdownRenderer } from 'vitepress';

/** A header without text heads nothing: a screen reader would announce it for each cell. */
export function nameHeaders(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('empty-headers', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type !== 'th_open' || tokens[index + 1]?.content !== '') continue;
      token.tag = 'td';
      const close = tokens[index + 2];
      if (close !== undefined) close.tag = 'td';
    }
  });
}
