import { html, nothing, type TemplateResult } from 'lit';
import { type IconName, icon } from './icons.ts';
import type { Texts } from './text.ts';

/** The message of an empty area, with an action that may help. */
export function blank(options: {
  readonly picture: IconName;
  readonly title: string;
  readonly text: string;
  readonly action?: unknown;
  /** Whether screen readers announce it at once. */
  readonly alert?: boolean;
}): TemplateResult {
  const { picture, title, text, action = nothing, alert = false } = options;
  return html`<div class="blank" role=${alert ? 'alert' : nothing}>
    <div class="emblem">${icon(picture)}</div>
    <strong class="heading">${title}</strong>
    <p>${text}</p>
    ${action}
  </div>`;
}

/** The message in place of a list that could not be loaded. */
export function failure(texts: Texts, text: string, retry: () => void): TemplateResult {
  return blank({
    ...{ picture: 'warning', alert: true, title: texts.of('failed.title'), text },
    action: html`<button type="button" class="button" @click=${retry}>${texts.of('retry')}</button>`,
  });
}
