import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { icon } from '../icons.ts';
import { Part } from '../part.ts';
import { signInLink } from '../sign-in.ts';
import { controls } from '../styles/controls.ts';
import { dialog } from '../styles/dialog.ts';
import { notices } from '../styles/notices.ts';
import { tokens } from '../styles/tokens.ts';

/** The content of a dialog. */
export interface Content {
  readonly title: unknown;
  readonly body: unknown;
  readonly actions: unknown;
  readonly wide?: boolean;
}

/**
 * A modal dialog, open for as long as the element is in the page. When it closes it dispatches `closed`,
 * and its parent removes it, along with everything it has shown.
 */
export abstract class DialogElement extends Part {
  static override properties = {
    ...Part.properties,
    busy: { state: true },
    problem: { state: true },
    ended: { state: true },
  };
  static override styles = [tokens, controls, notices, dialog];

  declare protected busy: boolean;
  declare protected problem: string | undefined;
  /** Whether the session has ended. The inputs stay, to be sent after the person has signed in. */
  declare private ended: boolean;

  constructor() {
    super();
    this.busy = false;
    this.problem = undefined;
    this.ended = false;
  }

  protected override explain(error: unknown): string {
    const { texts } = this.context;
    const isOver = (error as { code?: unknown }).code === 'unauthorized';
    return isOver ? texts.of('signedOut.keep') : texts.error(error);
  }

  protected abstract content(): Content;

  /** Called when the person submits the dialog. */
  protected abstract submit(): void;

  /** Called when the person cancels the dialog. */
  protected dismiss(): void {
    this.close();
  }

  /** Closes the dialog. The browser restores the focus. */
  protected close(): void {
    this.renderRoot.querySelector('dialog')?.close();
  }

  /** Runs work with the dialog disabled. Shows an error, unless the second factor was cancelled. */
  protected async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      const givenUp = (error as { code?: unknown }).code === 'step_up_required';
      this.problem = givenUp ? undefined : this.explain(error);
      this.ended = (error as { code?: unknown }).code === 'unauthorized';
    } finally {
      this.busy = false;
    }
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  protected override render(): TemplateResult {
    const { texts, session } = this.context;
    const { title, body, actions, wide = false } = this.content();
    return html`<dialog
      class=${wide ? 'wide' : nothing}
      aria-labelledby="title"
      @cancel=${this.#cancel}
      @close=${this.#closed}
    >
      <div class="form" @keydown=${this.#keyed}>
        <header>
          <h2 class="heading" id="title">${title}</h2>
          <button
            type="button"
            class="button icon-only"
            aria-label=${texts.of('close')}
            @click=${() => this.dismiss()}
          >
            ${icon('close')}
          </button>
        </header>
        <div class="body">
          ${body}
          <div class="note negative" role="alert" ?hidden=${this.problem === undefined}>
            ${icon('warning')}<span>${this.problem}</span>
          </div>
          ${this.ended ? signInLink(texts, session.signInUrl, '_blank') : nothing}
        </div>
        <footer>${actions}</footer>
      </div>
    </dialog>`;
  }

  protected cancelButton(): TemplateResult {
    return html`<button type="button" class="button" @click=${() => this.dismiss()}>
      ${this.context.texts.of('cancel')}
    </button>`;
  }

  /** The button that submits the dialog, as Enter in a field does. */
  protected submitButton(
    text: string,
    options: {
      readonly kind?: 'main' | 'danger' | '';
      readonly disabled?: boolean;
      /** The label of the button while the request is running. */
      readonly busyText?: string;
    } = {},
  ): TemplateResult {
    const { kind = 'main', disabled = false, busyText = text } = options;
    return html`<button
      type="button"
      class="button ${kind}"
      data-submit
      ?disabled=${disabled || this.busy}
      @click=${() => this.submit()}
    >
      ${this.busy ? busyText : text}
    </button>`;
  }

  #cancel(event: Event): void {
    event.preventDefault();
    this.dismiss();
  }

  #closed(): void {
    // A dialog that another one has replaced is no longer in the page.
    if (this.isConnected) this.dispatchEvent(new CustomEvent('closed'));
  }

  /** Submits on Enter without a form, because a frame without `allow-forms` does not submit forms. */
  #keyed(event: KeyboardEvent): void {
    const { target, key, isComposing } = event;
    if (key !== 'Enter' || isComposing || !(target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLButtonElement>('[data-submit]')?.click();
  }
}

/** The value of the field that an event comes from. */
export function typedIn(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
