import { html, type TemplateResult } from 'lit';
import { MAX_NAME_LENGTH } from '../../../limits.ts';
import type { Texts } from '../text.ts';
import { typedIn } from './dialog.ts';

/** The field for the name of a key. */
export function nameField(
  texts: Texts,
  options: {
    readonly name: string;
    /** Whether to report that the name is missing. */
    readonly missing: boolean;
    /** A hint below the field. */
    readonly hint?: string;
    /** A warning about a valid name. */
    readonly warning?: unknown;
    change(name: string): void;
  },
): TemplateResult {
  const { name, missing, hint = '', warning = '', change } = options;
  return html`<div class="field">
    <label for="name">${texts.of('create.name')}</label>
    <input
      id="name"
      maxlength=${MAX_NAME_LENGTH}
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
