import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { CopyField } from '../copy-field.ts';
import { type Content, DialogElement } from './dialog.ts';

/** Shows a secret that can be shown only once. Warns a person who closes it without saving. */
export abstract class OnceDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    saved: { state: true },
    leaving: { state: true },
  };

  /** Whether the secret was copied or downloaded. */
  declare protected saved: boolean;
  declare private leaving: boolean;

  constructor() {
    super();
    this.saved = false;
    this.leaving = false;
  }

  /** The content with the secret; `undefined` once the secret has been dropped. */
  protected abstract shown(): Content | undefined;
  /** The warning for closing the dialog without saving. */
  protected abstract warning(): string;

  protected content(): Content {
    const { texts } = this.context;
    if (!this.leaving) return this.shown() ?? { title: nothing, body: nothing, actions: nothing };
    return {
      title: texts.of('once.leave'),
      body: html`<p class="lead">${this.warning()}</p>`,
      actions: html`<button type="button" class="button" @click=${() => this.close()}>
          ${texts.of('once.leave.anyway')}
        </button>
        ${this.submitButton(texts.of('once.stay'))}`,
    };
  }

  /** The button that closes the dialog, enabled once the secret was saved. */
  protected doneButton(text: string): TemplateResult {
    return this.submitButton(text, { kind: this.saved ? 'main' : '', disabled: !this.saved });
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    const field = this.renderRoot.querySelector('keywright-copy-field');
    if (field instanceof CopyField) void field.updateComplete.then(() => field.focus());
  }

  protected submit(): void {
    if (this.leaving) this.leaving = false;
    else this.close();
  }

  protected override dismiss(): void {
    if (this.saved || this.leaving) this.close();
    else this.leaving = true;
  }
}
