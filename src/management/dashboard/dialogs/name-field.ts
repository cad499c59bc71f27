import { html, type TemplateResult } from 'lit';
import type { Texts } from '../text.ts';
import { typedIn } from './dialog.ts';

/** The field for the name of a key. */
export function nameField(
  texts: Texts,
  options: {
    readonly name: string;
    /** Whether it is to be said that there is none. */
    readonly missing: boolean;
    /** Said below it, until a name is missing. */
    readonly hint?: string;
    /** What is to be thought of, though nothing is wrong. */
    readonly warning?: unknown;
    change(name: string): void;
  },
): TemplateResult {
  const { name, missing, hint = '', warning = '', change } = options;
  return html`<div class="field">
    <label for="name">${texts.of('create.name')}</label>
    <input
      id="name"
      maxlength="100"
      autocomplete="off"
      autofocus
      required
      .value=${name}
      aria-invalid=${missing}
      aria-describedby="name-hint name-problem"
      @input=${(event: Event) => change(typedIn(event))}
    />
    <span class="hint" id="name-hint">${hint}</span>
    <span class="problem" id="name-problem" role="status">${missing ? texts.of('invalid.name') : ''}</span>
    <span class="warning" role="status">${warning}</span>
  </div>`;
}
