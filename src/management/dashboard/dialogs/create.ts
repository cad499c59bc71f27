import { html, nothing, type TemplateResult } from 'lit';
import type { JsonObject } from '../../../json.ts';
import type { IssuedKey, ShownKey, WantedKey } from '../api.ts';
import { newIdempotencyKey } from '../client.ts';
import { type Expiry, expiryField, inDays, momentOf, NEVER } from '../expiry-field.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { type Content, DialogElement, typedIn } from './dialog.ts';
import { nameField } from './name-field.ts';
import { scopesField } from './scopes-field.ts';

/** A request. If its response is lost, it is repeated unchanged, so that no second key is left. */
interface Intent {
  readonly inputs: string;
  readonly wanted: WantedKey;
  readonly idempotencyKey: string;
}

/** Creates a key. Dispatches `issued` with it. */
class CreateDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    known: { attribute: false },
    name: { state: true },
    environment: { state: true },
    scopes: { state: true },
    expiry: { state: true },
    metadata: { state: true },
    checked: { state: true },
  };

  /** The existing keys, to warn of one with the same name. */
  declare known: readonly ShownKey[];
  declare private name: string;
  declare private environment: string;
  declare private scopes: readonly string[];
  declare private expiry: Expiry;
  /** JSON, if the service requires metadata. */
  declare private metadata: string;
  /** Whether the form was submitted once, so that missing fields are reported. */
  declare private checked: boolean;
  #intent: Intent | undefined;

  constructor() {
    super();
    this.name = '';
    this.scopes = [];
    this.metadata = '';
    this.checked = false;
  }

  protected override willUpdate(): void {
    const { environments, defaultExpiryMs } = this.context.session;
    this.environment ??= environments[0] ?? '';
    this.expiry ??= defaultExpiryMs === undefined ? NEVER : inDays(defaultExpiryMs);
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
          warnsOfNone: true,
          change: (scopes) => (this.scopes = scopes),
        })}
        ${expiryField(texts, this.expiry, {
          problem: this.checked && Number.isNaN(momentOf(this.expiry)),
          change: (expiry) => (this.expiry = expiry),
        })}
        ${session.requiresMetadata ? this.#metadataField() : nothing}
        <p class="note">${icon('info')}<span>${texts.of('create.nudge')}</span></p>`,
      actions: html`${this.cancelButton()}
        ${this.submitButton(texts.of('create.submit'), { busyText: texts.of('create.busy') })}`,
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

  #metadataField(): TemplateResult {
    const { texts } = this.context;
    const wrong = this.checked && this.#metadata() === undefined;
    return html`<div class="field">
      <label for="metadata">${texts.of('create.metadata')}</label>
      <textarea
        id="metadata"
        class="mono"
        rows="3"
        spellcheck="false"
        aria-invalid=${wrong}
        aria-describedby="metadata-hint metadata-problem"
        .value=${this.metadata}
        @input=${(event: Event) => (this.metadata = typedIn(event))}
      ></textarea>
      <span class="hint" id="metadata-hint">${texts.of('create.metadata.hint')}</span>
      <span class="problem" id="metadata-problem" role="status"
        >${wrong ? texts.of('invalid.metadata') : ''}</span
      >
    </div>`;
  }

  /** The metadata that was typed; `undefined` if it is no JSON object. */
  #metadata(): JsonObject | undefined {
    if (!this.context.session.requiresMetadata) return {};
    try {
      const value: unknown = JSON.parse(this.metadata);
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isObject ? (value as JsonObject) : undefined;
    } catch {
      return undefined;
    }
  }

  protected submit(): void {
    this.checked = true;
    const expiresAt = momentOf(this.expiry);
    const name = this.name.trim();
    const metadata = this.#metadata();
    const wrong: readonly [string, boolean][] = [
      ['#name', name === ''],
      ['#date', Number.isNaN(expiresAt)],
      ['#metadata', metadata === undefined],
    ];
    const [firstBad] = wrong.find(([, isWrong]) => isWrong) ?? [];
    if (firstBad !== undefined) {
      this.renderRoot.querySelector<HTMLInputElement>(firstBad)?.focus();
      return;
    }
    const { wanted, idempotencyKey } = this.#intentOf(name, expiresAt, metadata);
    void this.attempt(async () => {
      const issued = await this.context.client.create(wanted, idempotencyKey);
      this.dispatchEvent(new CustomEvent<IssuedKey>('issued', { detail: issued }));
      this.close();
    });
  }

  /** Keeps the same request for the same inputs, even though `days from now` moves on. */
  #intentOf(
    name: string,
    expiresAt: number | null | undefined,
    metadata: JsonObject | undefined,
  ): Intent {
    const { environment, scopes } = this;
    const inputs = JSON.stringify([name, environment, scopes, this.expiry, metadata]);
    if (this.#intent?.inputs !== inputs) {
      const wanted = {
        ...{ name, environment, scopes },
        ...(expiresAt == null ? {} : { expiresAt }),
        ...(this.context.session.requiresMetadata ? { metadata } : {}),
      };
      this.#intent = { inputs, wanted, idempotencyKey: newIdempotencyKey() };
    }
    return this.#intent;
  }
}

define('keywright-create-dialog', CreateDialog);
