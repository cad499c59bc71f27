import { html, type TemplateResult } from 'lit';
import { type IssuedKey, newIdempotencyKey, type ShownKey, type WantedKey } from '../client.ts';
import { type Expiry, expiryField, momentOf, NEVER } from '../expiry-field.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { type Content, DialogElement } from './dialog.ts';
import { nameField } from './name-field.ts';
import { scopesField } from './scopes-field.ts';

/** A request, to be repeated as it was where its answer is lost, so that no key is left behind. */
interface Intent {
  readonly wish: string;
  readonly wanted: WantedKey;
  readonly idempotencyKey: string;
}

/** Asks what the new key shall be. Sends `issued` with it. */
class CreateDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    known: { attribute: false },
    name: { state: true },
    environment: { state: true },
    scopes: { state: true },
    expiry: { state: true },
    checked: { state: true },
  };

  /** Keys that are there, to tell of one with the same name. */
  declare known: readonly ShownKey[];
  declare private name: string;
  declare private environment: string;
  declare private scopes: readonly string[];
  declare private expiry: Expiry;
  /** Whether the form was sent once, so that what is missing is said. */
  declare private checked: boolean;
  #intent: Intent | undefined;

  constructor() {
    super();
    this.name = '';
    this.scopes = [];
    this.expiry = NEVER;
    this.checked = false;
  }

  protected override willUpdate(): void {
    this.environment ??= this.context.session.environments[0] ?? '';
  }

  protected content(): Content {
    const { texts, session } = this.context;
    return {
      title: texts.of('create.title'),
      body: html`<p class="lead">${texts.of('create.text')}</p>
        ${this.#nameField()} ${this.#environments()}
        ${scopesField(texts, {
          offered: session.scopes,
          chosen: this.scopes,
          change: (scopes) => (this.scopes = scopes),
        })}
        ${expiryField(texts, this.expiry, {
          problem: this.checked && Number.isNaN(momentOf(this.expiry)),
          change: (expiry) => (this.expiry = expiry),
        })}
        <p class="note">${icon('info')}<span>${texts.of('create.nudge')}</span></p>`,
      actions: html`${this.cancelButton()}
        <button class="button main" ?disabled=${this.busy}>${texts.of('create.submit')}</button>`,
    };
  }

  #nameField(): TemplateResult {
    const { texts } = this.context;
    const name = this.name.trim();
    const twin = this.known.some(
      (key) => key.state === 'active' && key.name === name && key.environment === this.environment,
    );
    return nameField(texts, {
      name: this.name,
      missing: this.checked && name === '',
      hint: texts.of('create.name.hint'),
      warning: twin ? texts.rich('create.twin', { name: html`<bdi>${name}</bdi>` }) : '',
      change: (typed) => (this.name = typed),
    });
  }

  #environments(): TemplateResult {
    const { texts, session } = this.context;
    return html`<fieldset class="field">
      <legend>${texts.of('create.environment')}</legend>
      <div class="choices">
        ${session.environments.map(
          (environment) => html`<label class="choice">
            <input
              type="radio"
              name="environment"
              value=${environment}
              .checked=${environment === this.environment}
              @change=${() => (this.environment = environment)}
            />
            <span class="mono">${environment}</span>
          </label>`,
        )}
      </div>
    </fieldset>`;
  }

  protected submit(): void {
    this.checked = true;
    const expiresAt = momentOf(this.expiry);
    const name = this.name.trim();
    const firstBad = name === '' ? '#name' : Number.isNaN(expiresAt) ? '#date' : undefined;
    if (firstBad !== undefined) {
      this.renderRoot.querySelector<HTMLInputElement>(firstBad)?.focus();
      return;
    }
    const { wanted, idempotencyKey } = this.#intentOf(name, expiresAt);
    void this.attempt(async () => {
      const issued = await this.context.client.create(wanted, idempotencyKey);
      this.dispatchEvent(new CustomEvent<IssuedKey>('issued', { detail: issued }));
      this.close();
    });
  }

  /** The same request as long as the same is asked for, even if days from now are a moment later. */
  #intentOf(name: string, expiresAt: number | null | undefined): Intent {
    const { environment, scopes } = this;
    const wish = JSON.stringify([name, environment, scopes, this.expiry]);
    if (this.#intent?.wish !== wish) {
      const wanted = { name, environment, scopes, ...(expiresAt == null ? {} : { expiresAt }) };
      this.#intent = { wish, wanted, idempotencyKey: newIdempotencyKey() };
    }
    return this.#intent;
  }
}

define('keywright-create-dialog', CreateDialog);
