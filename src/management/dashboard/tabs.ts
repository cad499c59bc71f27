import { html, type TemplateResult } from 'lit';
import type { Texts } from './text.ts';

export type Section = 'keys' | 'activity' | 'security';

/** The tabs above the sections: one stop for the keyboard, and arrows between them (ARIA APG). */
export function tabBar(
  texts: Texts,
  sections: readonly Section[],
  current: Section,
  choose: (section: Section) => void,
): TemplateResult {
  const move = (event: KeyboardEvent) => {
    const tabs = [...(event.currentTarget as HTMLElement).children] as HTMLElement[];
    const isRtl = getComputedStyle(event.currentTarget as HTMLElement).direction === 'rtl';
    const at = sections.indexOf(current);
    const last = sections.length - 1;
    const [before, after] = [at === 0 ? last : at - 1, at === last ? 0 : at + 1];
    const to = {
      ArrowLeft: isRtl ? after : before,
      ArrowRight: isRtl ? before : after,
      Home: 0,
      End: last,
    }[event.key];
    const section = to === undefined ? undefined : sections[to];
    if (section === undefined) return;
    event.preventDefault();
    choose(section);
    tabs[sections.indexOf(section)]?.focus();
  };
  return html`<div
    class="tabs"
    role="tablist"
    aria-label=${texts.of('sections')}
    @keydown=${move}
  >
    ${sections.map(
      (section) => html`<button
        type="button"
        role="tab"
        class="tab"
        id="tab-${section}"
        aria-selected=${section === current}
        aria-controls="panel"
        tabindex=${section === current ? 0 : -1}
        @click=${() => choose(section)}
      >
        ${texts.of(`section.${section}`)}
      </button>`,
    )}
  </div>`;
}
