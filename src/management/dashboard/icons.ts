import { html, svg, type TemplateResult } from 'lit';

/** Line drawings on a grid of 24 by 24. */
const PATHS = {
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  search: svg`<circle cx="11" cy="11" r="7"/><path d="m20 20-4-4"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  pencil: svg`<path d="M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8 18.5 4 20ZM14 6.5l3 3"/>`,
  rotate: svg`<path d="M20 12a8 8 0 0 1-14.2 5M4 12a8 8 0 0 1 14.2-5M18.5 3v4.2h-4.2M5.5 21v-4.2h4.2"/>`,
  trash: svg`<path d="M4 7h16M9.5 7V5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v2M6.5 7l.7 11.6a1.5 1.5 0 0 0 1.5 1.4h6.6a1.5 1.5 0 0 0 1.5-1.4L17.5 7M10 11v5M14 11v5"/>`,
  clock: svg`<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>`,
  key: svg`<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8-8M16 7.5l2.5 2.5M14 9.5l1.5 1.5"/>`,
  lock: svg`<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`,
  shield: svg`<path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.6 7 9 4.1-1.4 7-4.8 7-9V6l-7-2.5Z"/>`,
  shieldOn: svg`<path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.6 7 9 4.1-1.4 7-4.8 7-9V6l-7-2.5Z"/><path d="m9 11.8 2.2 2.2 4-4"/>`,
  warning: svg`<path d="M12 4 3 19.5h18L12 4ZM12 10v4M12 17v.01"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>`,
  download: svg`<path d="M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14"/>`,
  external: svg`<path d="M10 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4M14 5h5v5M19 5l-8 8"/>`,
  eraser: svg`<path d="m8 20-4-4 10-10.5a1.5 1.5 0 0 1 2.1 0L20 9.4a1.5 1.5 0 0 1 0 2.1L12 20H8ZM9.5 10.5l5.5 5.5M12 20h8"/>`,
} as const;

export type IconName = keyof typeof PATHS;

/** An icon next to a text with the same meaning, so it is hidden from screen readers. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${PATHS[name]}</svg>`;
}
