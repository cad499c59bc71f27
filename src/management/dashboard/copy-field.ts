import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { icon } from './icons.ts';
import { define } from './part.ts';
import { controls } from './styles/controls.ts';
import { tokens } from './styles/tokens.ts';
import type { Texts } from './text.ts';

const SHOWN_MS = 2000;

const styles = css`
  :host {
    display: grid;
    gap: 6px;
    min-width: 0;
  }

  .box {
    display: flex;
    align-items: flex-start;
    gap: 4px;
    padding: 4px 4px 4px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_sunken);
  }

  code {
    flex: 1;
    min-width: 0;
    padding: 7px 0;
    font: 12.5px/1.5 var(--_mono);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    user-select: all;
  }

  .button.icon-only:hover:not(:disabled) {
    background: var(--_surface);
  }

  .done {
    color: var(--_positive);
  }
`;

/** A text to take along, with the button that copies it. Sends `copied`. */
class CopyField extends LitElement {
  static override properties = {
    texts: { attribute: false },
    label: { attribute: false },
    action: { attribute: false },
    value: { attribute: false },
    state: { state: true },
  };
  static override styles = [tokens, controls, styles];

  declare texts: Texts;
  declare label: string;
  /** What the button says that it does. */
  declare action: string;
  declare value: string;
  declare private state: 'copied' | 'failed' | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const said = state && this.texts.of(state === 'copied' ? 'copied' : 'copy.failed');
    return html`<span class="label">${this.label}</span>
      <div class="box">
        <code>${this.value}</code>
        <button
          type="button"
          class="button icon-only ${state === 'copied' ? 'done' : ''}"
          aria-label=${this.action}
          title=${this.action}
          @click=${this.#copy}
        >
          ${icon(state === 'copied' ? 'check' : 'copy')}
        </button>
      </div>
      <span class=${state === 'failed' ? 'hint' : 'unseen'} role="status">${said ?? nothing}</span>`;
  }

  async #copy(): Promise<void> {
    const copied = await this.#write();
    this.state = copied ? 'copied' : 'failed';
    if (copied) this.dispatchEvent(new CustomEvent('copied'));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.state = undefined), SHOWN_MS);
  }

  /** A page without TLS has no clipboard: there the text is selected, and the old command tried. */
  async #write(): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(this.value);
      return true;
    } catch {
      const code = this.renderRoot.querySelector('code');
      if (code !== null) getSelection()?.selectAllChildren(code);
      return document.execCommand('copy');
    }
  }
}

define('keywright-copy-field', CopyField);
