import { html, type TemplateResult } from 'lit';
import type { IssuedKey, ShownKey } from '../api.ts';
import { newIdempotencyKey } from '../client.ts';
import { define } from '../part.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';
import { type Content, DialogElement, typedIn } from './dialog.ts';

const HOURS = [1, 24] as const;
const DAYS = [7, 30] as const;

/** The new key, the old key after the rotation, and whether the old one expires by itself. */
export interface Rotation {
  readonly issued: IssuedKey;
  readonly replaced: ShownKey;
  readonly ends: boolean;
}

/** Rotates a key. Dispatches `rotated` with the result. */
class RotateDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    item: { attribute: false },
    ends: { state: true },
    graceMs: { state: true },
  };

  declare item: ShownKey;
  /** Whether the old key expires by itself. */
  declare private ends: boolean;
  declare private graceMs: number;
  #intent = { graceMs: -1, key: '' };

  constructor() {
    super();
    this.ends = false;
    this.graceMs = DAY_MS;
  }

  protected content(): Content {
    const { texts } = this.context;
    return {
      title: texts.of('rotate.title'),
      body: html`<p class="lead">
          ${texts.rich('rotate.text', { name: html`<bdi>${this.item.name}</bdi>` })}
        </p>
        <fieldset class="field">
          <legend>${texts.of('rotate.old')}</legend>
          <div class="choices">${this.#choice(false)} ${this.#choice(true)}</div>
        </fieldset>
        ${this.#grace()}`,
      actions: html`${this.cancelButton()}
        ${this.submitButton(texts.of('rotate.submit'))}`,
    };
  }

  #choice(ends: boolean): TemplateResult {
    const { texts } = this.context;
    const name = ends ? 'rotate.grace' : 'rotate.keep';
    return html`<label class="choice full">
      <input
        type="radio"
        name="old"
        ?autofocus=${!ends}
        aria-describedby=${name}
        .checked=${this.ends === ends}
        @change=${() => (this.ends = ends)}
      />
      <span>
        <span class="label">${texts.of(name)}</span>
        <span class="hint" id=${name}><br />${texts.of(`${name}.hint`)}</span>
      </span>
    </label>`;
  }

  #grace(): TemplateResult {
    const { texts } = this.context;
    const option = (ms: number, text: string) =>
      html`<option value=${ms} ?selected=${ms === this.graceMs}>${text}</option>`;
    return html`<div class="field" ?hidden=${!this.ends}>
      <label for="grace">${texts.of('rotate.graceIn')}</label>
      <select id="grace" @change=${(event: Event) => (this.graceMs = Number(typedIn(event)))}>
        ${HOURS.map((count) => option(count * HOUR_MS, texts.count('rotate.hours', count)))}
        ${DAYS.map((count) => option(count * DAY_MS, texts.count('rotate.days', count)))}
      </select>
    </div>`;
  }

  protected submit(): void {
    const graceMs = this.ends ? this.graceMs : -1;
    // One Idempotency-Key for each set of inputs: repeating a request adds no second key.
    if (this.#intent.key === '' || this.#intent.graceMs !== graceMs) {
      this.#intent = { graceMs, key: newIdempotencyKey() };
    }
    void this.attempt(async () => {
      const { client } = this.context;
      const body = this.ends ? { graceMs } : {};
      const { replaced, ...issued } = await client.rotate(this.item.id, body, this.#intent.key);
      const detail: Rotation = { issued, replaced, ends: this.ends };
      this.dispatchEvent(new CustomEvent<Rotation>('rotated', { detail }));
      this.close();
    });
  }
}

define('keywright-rotate-dialog', RotateDialog);
