import { html, nothing, type TemplateResult } from 'lit';
import type { ApiError } from '../client.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { type Content, DialogElement, typedIn } from './dialog.ts';

const SECOND_MS = 1000;

/**
 * Asks for a code of the second factor. Sends `passed` once one was right, and `enroll` where there
 * is no second factor yet and one is to be set up.
 */
class CodeDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    enrolled: { attribute: false },
    code: { state: true },
    recovers: { state: true },
    wait: { state: true },
  };

  /** Whether the person has a second factor. */
  declare enrolled: boolean;
  declare private code: string;
  /** Whether a recovery code is asked for. */
  declare private recovers: boolean;
  /** Seconds until another code is looked at. */
  declare private wait: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.code = '';
    this.recovers = false;
    this.wait = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected content(): Content {
    const { texts, session } = this.context;
    const { operations = [] } = session.secondFactor ?? {};
    if (this.enrolled && operations.includes('verify')) return this.#prompt();
    const canEnroll = !this.enrolled && operations.includes('enroll');
    return {
      title: texts.of(canEnroll ? 'code.enroll.title' : 'code.title'),
      body: html`<p class="lead">${texts.of(canEnroll ? 'code.enroll.text' : 'code.elsewhere')}</p>`,
      actions: html`${this.cancelButton()}
      ${
        canEnroll
          ? html`<button class="button main">${texts.of('code.enroll.submit')}</button>`
          : nothing
      }`,
    };
  }

  #prompt(): Content {
    const { texts } = this.context;
    const part = this.recovers ? 'code.recovery' : 'code';
    return {
      title: texts.of('code.title'),
      body: html`<p class="lead">${texts.of(`${part}.text`)}</p>
        <div class="field">
          <label for="code">${texts.of(`${part}.label`)}</label>
          ${this.#input()}
        </div>
        <div class="note caution" role="status" ?hidden=${this.wait === 0}>
          ${icon('clock')}<span>${this.wait === 0 ? '' : texts.count('code.wait', this.wait)}</span>
        </div>`,
      actions: html`<button
          type="button"
          class="button quiet aside"
          @click=${this.#switch}
        >
          ${texts.of(this.recovers ? 'code.useApp' : 'code.useRecovery')}
        </button>
        <button class="button main" ?disabled=${this.busy || this.wait > 0}>
          ${texts.of('code.submit')}
        </button>`,
    };
  }

  #input(): TemplateResult {
    return html`<input
      id="code"
      class="code"
      maxlength="64"
      autocomplete=${this.recovers ? 'off' : 'one-time-code'}
      inputmode=${this.recovers ? 'text' : 'numeric'}
      autocapitalize="none"
      spellcheck="false"
      autofocus
      required
      .value=${this.code}
      aria-invalid=${this.problem !== undefined}
      @input=${(event: Event) => (this.code = typedIn(event))}
    />`;
  }

  #switch(): void {
    this.recovers = !this.recovers;
    this.code = '';
    this.problem = undefined;
    this.#field?.focus();
  }

  get #field(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  protected submit(): void {
    if (!this.enrolled) {
      this.dispatchEvent(new CustomEvent('enroll'));
      return;
    }
    // Apps show a code in groups; the groups are no part of it.
    const code = this.recovers ? this.code.trim() : this.code.replace(/\s/g, '');
    if (code === '') {
      this.#field?.focus();
      return;
    }
    void this.attempt(async () => {
      try {
        await this.context.client.verify(code);
      } catch (error) {
        this.#refused(error as ApiError);
        throw error;
      }
      this.code = '';
      this.dispatchEvent(new CustomEvent('passed'));
    }).then(() => this.#field?.select());
  }

  #refused({ code, retryAfter }: ApiError): void {
    this.code = code === 'wrong_code' ? this.code : '';
    if (code === 'too_many_attempts') this.#count(retryAfter ?? 30);
  }

  #count(seconds: number): void {
    this.wait = seconds;
    clearTimeout(this.#timer);
    if (seconds > 0) this.#timer = setTimeout(() => this.#count(seconds - 1), SECOND_MS);
    else this.problem = undefined;
  }
}

define('keywright-code-dialog', CodeDialog);
