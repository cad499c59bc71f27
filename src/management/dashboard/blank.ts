import { html, nothing, type TemplateResult } from 'lit';
import { type IconName, icon } from './icons.ts';

/** What stands where there is nothing to show, and what can be done about it. */
export function blank(options: {
  readonly picture: IconName;
  readonly title: string;
  readonly text: string;
  readonly action?: unknown;
  /** Whether it is read out as soon as it shows. */
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
