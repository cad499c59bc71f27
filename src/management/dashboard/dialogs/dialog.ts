import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icons.ts';
import { Part } from '../part.ts';
import { controls } from '../styles/controls.ts';
import { dialog } from '../styles/dialog.ts';
import { notices } from '../styles/notices.ts';
import { tokens } from '../styles/tokens.ts';

/** What stands in a dialog. */
export interface Content {
  readonly title: unknown;
  readonly body: unknown;
  readonly actions: unknown;
  readonly wide?: boolean;
}

/**
 * A modal dialog, which is open for as long as the element is in the page. When it closes it sends
 * `closed`, and whoever put it there takes it away: with it goes all that it has shown.
 */
export abstract class DialogElement extends Part {
  static override properties = {
    ...Part.properties,
    busy: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, controls, notices, dialog];

  declare protected busy: boolean;
  declare protected problem: string | undefined;

  constructor() {
    super();
    this.busy = false;
    this.problem = undefined;
  }

  protected abstract content(): Content;

  /** Called when the form is sent. */
  protected abstract submit(): void;

  /** Called when the dialog is to be left without an answer. */
  protected dismiss(): void {
    this.close();
  }

  /** Closes the dialog, which gives the focus back to where it was. */
  protected close(): void {
    this.renderRoot.querySelector('dialog')?.close();
  }

  /** Does what takes a while; says what went wrong, unless it was given up. */
  protected async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      const givenUp = (error as { code?: unknown }).code === 'step_up_required';
      this.problem = givenUp ? undefined : this.explain(error);
    } finally {
      this.busy = false;
    }
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  protected override render(): TemplateResult {
    const { title, body, actions, wide = false } = this.content();
    return html`<dialog
      class=${wide ? 'wide' : nothing}
      aria-labelledby="title"
      @cancel=${this.#cancel}
      @close=${this.#closed}
    >
      <form novalidate @submit=${this.#submit}>
        <header>
          <h2 class="heading" id="title">${title}</h2>
          <button
            type="button"
            class="button icon-only"
            aria-label=${this.context.texts.of('close')}
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
        </div>
        <footer>${actions}</footer>
      </form>
    </dialog>`;
  }

  protected cancelButton(): TemplateResult {
    return html`<button type="button" class="button" @click=${() => this.dismiss()}>
      ${this.context.texts.of('cancel')}
    </button>`;
  }

  #cancel(event: Event): void {
    event.preventDefault();
    this.dismiss();
  }

  #closed(): void {
    // One that another has taken the place of is gone already.
    if (this.isConnected) this.dispatchEvent(new CustomEvent('closed'));
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (!this.busy) this.submit();
  }
}

/** The value of a field, from an event of its own. */
export function typedIn(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
