import { html, nothing, type TemplateResult } from 'lit';
import { MAX_CODE_LENGTH } from '../../../limits.ts';
import '../copy-field.ts';
import type { ApiError } from '../client.ts';
import { asciiDigits } from '../digits.ts';
import { define } from '../part.ts';
import { type Content, DialogElement, typedIn } from './dialog.ts';
import { Lock } from './lock.ts';

interface Enrollment {
  readonly secret: string;
  readonly qrCode: string;
}

/** Sets up a second factor. Dispatches `enrolled` with the recovery codes. */
class EnrollDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    enrollment: { state: true },
    code: { state: true },
  };

  declare private enrollment: Enrollment | undefined;
  declare private code: string;
  readonly #lock = new Lock(this);

  constructor() {
    super();
    this.code = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.enrollment = undefined;
  }

  #begin(): Promise<void> {
    return this.attempt(async () => {
      this.enrollment = await this.context.client.enroll();
      await this.updateComplete;
      this.renderRoot.querySelector('input')?.focus();
    });
  }

  protected content(): Content {
    const { texts } = this.context;
    return {
      title: texts.of('enroll.title'),
      body: this.enrollment === undefined ? this.#pending() : this.#steps(this.enrollment),
      actions: html`${this.cancelButton()}
      ${
        this.enrollment === undefined && this.problem !== undefined
          ? html`<button type="button" class="button" @click=${this.#begin}>
            ${texts.of('retry')}
          </button>`
          : this.submitButton(texts.of('enroll.submit'), {
              disabled: this.enrollment === undefined || this.#lock.leftMs > 0,
            })
      }`,
    };
  }

  #pending(): TemplateResult | typeof nothing {
    if (this.problem !== undefined) return nothing;
    return html`<span class="unseen" role="status">${this.context.texts.of('loading')}</span>
      <span class="bone"></span><span class="bone short"></span>`;
  }

  #steps({ secret, qrCode }: Enrollment): TemplateResult {
    const { texts } = this.context;
    return html`<p class="lead">${texts.of('enroll.scan')}</p>
      <div class="qr"><img alt=${texts.of('enroll.qr')} src=${imageOf(qrCode)} /></div>
      <keywright-copy-field
        .texts=${texts}
        .label=${texts.of('enroll.manual')}
        .action=${texts.of('enroll.copy')}
        .value=${secret}
      ></keywright-copy-field>
      ${this.#lock.leftMs > 0 ? this.#lock.note() : this.#codeField()}`;
  }

  #codeField(): TemplateResult {
    const { texts } = this.context;
    return html`<div class="field">
        <label for="code">${texts.of('enroll.code')}</label>
        <input
          id="code"
          class="code"
          maxlength=${MAX_CODE_LENGTH}
          autocomplete="one-time-code"
          inputmode="numeric"
          required
          placeholder=${texts.of('enroll.code.hint')}
          .value=${this.code}
          aria-invalid=${this.problem !== undefined}
          @input=${(event: Event) => (this.code = typedIn(event))}
        />
      </div>`;
  }

  protected submit(): void {
    const code = asciiDigits(this.code.replace(/\s/g, ''));
    const field = this.renderRoot.querySelector('input');
    if (code === '') {
      field?.focus();
      return;
    }
    void this.attempt(async () => {
      const { client } = this.context;
      let detail: readonly string[];
      try {
        detail = (await client.confirmEnrollment(code)).recoveryCodes;
      } catch (error) {
        if ((error as ApiError).code !== 'too_many_attempts') throw error;
        this.#lock.watch();
        return;
      }
      this.dispatchEvent(new CustomEvent<readonly string[]>('enrolled', { detail }));
      this.close();
    }).then(() => field?.select());
  }
}

/** An SVG in an `<img>` runs no script, whatever its origin. */
function imageOf(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

define('keywright-enroll-dialog', EnrollDialog);
