import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

/** Colours of the theme, which change with the reader's choice of light or dark. */
const COLOURS = {
  bg: 'var(--vp-c-bg)',
  fg: 'var(--vp-c-text-1)',
  muted: 'var(--vp-c-text-1)',
  line: 'var(--vp-c-text-2)',
  transparent: true,
};

/** Draws blocks of Mermaid while the site is built: a reader's browser loads nothing for them. */
export function drawDiagrams(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence;
  if (fence === undefined) throw new Error('VitePress renders no blocks of code');
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info = '', content = '' } = tokens[index] ?? {};
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    // The font would come from another host.
    const svg = renderMermaidSVG(content, COLOURS).replace(/@import url\([^)]*\);/, '');
    // Vue drops a <style> that stands in a template.
    return `<div class="diagram" v-html="${markdown.utils.escapeHtml(JSON.stringify(svg))}"></div>`;
  };
}
