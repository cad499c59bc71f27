import { html, nothing, type TemplateResult } from 'lit';
import { MAX_CODE_LENGTH } from '../../../limits.ts';
import type { ApiError } from '../client.ts';
import { asciiDigits } from '../digits.ts';
import { define } from '../part.ts';
import { type Content, DialogElement, typedIn } from './dialog.ts';
import { Lock } from './lock.ts';

/**
 * Asks for a code of the second factor. Dispatches `passed` after a correct code, and `enroll` if the
 * person has no second factor and wants to set one up.
 */
class CodeDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    enrolled: { attribute: false },
    code: { state: true },
    recovers: { state: true },
  };

  /** Whether the person has a second factor. */
  declare enrolled: boolean;
  declare private code: string;
  /** Whether to enter a recovery code. */
  declare private recovers: boolean;
  readonly #lock = new Lock(this);

  constructor() {
    super();
    this.code = '';
    this.recovers = false;
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
      ${canEnroll ? this.submitButton(texts.of('code.enroll.submit')) : nothing}`,
    };
  }

  #prompt(): Content {
    const { texts } = this.context;
    const part = this.recovers ? 'code.recovery' : 'code';
    if (this.#lock.leftMs > 0) {
      return {
        title: texts.of('code.title'),
        body: this.#lock.note(),
        actions: this.cancelButton(),
      };
    }
    return {
      title: texts.of('code.title'),
      body: html`<p class="lead">${texts.of(`${part}.text`)}</p>
        <div class="field">
          <label for="code">${texts.of(`${part}.label`)}</label>
          ${this.#input()}
        </div>`,
      actions: html`${this.#otherWay()}
        ${this.submitButton(texts.of('code.submit'))}`,
    };
  }

  /** Switches between a code from the app and a recovery code, if there are recovery codes left. */
  #otherWay(): TemplateResult | typeof nothing {
    const { texts, session } = this.context;
    if (session.secondFactor?.recoveryCodesLeft === 0) return nothing;
    return html`<button type="button" class="button quiet aside" @click=${this.#switch}>
      ${texts.of(this.recovers ? 'code.useApp' : 'code.useRecovery')}
    </button>`;
  }

  #input(): TemplateResult {
    return html`<input
      id="code"
      class="code"
      maxlength=${MAX_CODE_LENGTH}
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
    // Apps show a code in groups: remove the spaces.
    const code = asciiDigits(this.recovers ? this.code.trim() : this.code.replace(/\s/g, ''));
    if (code === '') {
      this.#field?.focus();
      return;
    }
    void this.attempt(async () => {
      try {
        await this.context.client.verify(code);
      } catch (error) {
        if ((error as ApiError).code !== 'too_many_attempts') throw error;
        // The lock shows how much time is left.
        this.code = '';
        this.#lock.watch();
        return;
      }
      this.code = '';
      this.dispatchEvent(new CustomEvent('passed'));
    }).then(() => this.#field?.select());
  }
}

define('keywright-code-dialog', CodeDialog);
