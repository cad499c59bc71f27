import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from '../text.ts';

/** The field to choose scopes; nothing if none are offered. */
export function scopesField(
  texts: Texts,
  options: {
    readonly offered: readonly string[];
    readonly chosen: readonly string[];
    readonly locked?: boolean;
    /** Whether to warn that a key without scopes can do little. */
    readonly warnsOfNone?: boolean;
    change(scopes: readonly string[]): void;
  },
): TemplateResult | typeof nothing {
  const { offered, chosen, locked = false, warnsOfNone = false, change } = options;
  if (offered.length === 0) return nothing;
  const toggle = (scope: string, { target }: Event) => {
    const others = chosen.filter((other) => other !== scope);
    change((target as HTMLInputElement).checked ? [...others, scope] : others);
  };
  return html`<fieldset class="field" aria-describedby="scopes-hint" ?disabled=${locked}>
    <legend>${texts.of('create.scopes')}</legend>
    <div class="scopes">
      ${offered.map(
        (scope) => html`<label>
          <input
            type="checkbox"
            .checked=${chosen.includes(scope)}
            @change=${(event: Event) => toggle(scope, event)}
          />
          <span class="mono">${scope}</span>
        </label>`,
      )}
    </div>
    <span class="hint" id="scopes-hint">
      ${texts.of(locked ? 'edit.scopes.locked' : 'create.scopes.hint')}
    </span>
    <span class="warning" role="status"
      >${warnsOfNone && chosen.length === 0 ? texts.of('create.scopes.none') : ''}</span
    >
  </fieldset>`;
}
