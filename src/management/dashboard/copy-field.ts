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

  .box.prominent {
    flex-direction: column;
    gap: 8px;
    padding: 8px 12px 12px;
  }

  .box.prominent code {
    font-size: 13.5px;
  }

  .box.prominent .button {
    align-self: stretch;
    min-height: 40px;
  }

  .button.icon-only:hover:not(:disabled) {
    background: var(--_surface);
  }

  .done {
    color: var(--_positive);
  }
`;

/** A text with a button that copies it. Dispatches `copied`. */
export class CopyField extends LitElement {
  static override properties = {
    texts: { attribute: false },
    label: { attribute: false },
    action: { attribute: false },
    value: { attribute: false },
    prominent: { attribute: false },
    state: { state: true },
  };
  static override styles = [tokens, controls, styles];

  declare texts: Texts;
  declare label: string;
  /** The label of the button. */
  declare action: string;
  declare value: string;
  /** Whether copying is the main action of the dialog. */
  declare prominent: boolean | undefined;
  declare private state: 'copied' | 'failed' | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const message = state && this.texts.of(state === 'copied' ? 'copied' : 'copy.failed');
    return html`<span class="label">${this.label}</span>
      <div class="box ${this.prominent ? 'prominent' : ''}">
        <code>${this.value}</code>
        ${this.#button()}
      </div>
      <span class=${state === 'failed' ? 'hint' : 'unseen'} role="status">${message ?? nothing}</span>`;
  }

  #button(): TemplateResult {
    const isDone = this.state === 'copied';
    const picture = icon(isDone ? 'check' : 'copy');
    if (this.prominent) {
      return html`<button type="button" class="button main" @click=${this.#copy}>
        ${picture} ${isDone ? this.texts.of('copied') : this.action}
      </button>`;
    }
    return html`<button
      type="button"
      class="button icon-only ${isDone ? 'done' : ''}"
      aria-label=${this.action}
      title=${this.action}
      @click=${this.#copy}
    >
      ${picture}
    </button>`;
  }

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  async #copy(): Promise<void> {
    const copied = await this.#write();
    this.state = copied ? 'copied' : 'failed';
    if (copied) this.dispatchEvent(new CustomEvent('copied'));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.state = undefined), SHOWN_MS);
  }

  /** A page without TLS has no clipboard API: select the text and try the old command. */
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
