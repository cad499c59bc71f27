import { html, type TemplateResult } from 'lit';
import type { KeyChange } from '../../../record.ts';
import type { ShownKey } from '../api.ts';
import { AS_IT_IS, type Expiry, expiryField, momentOf } from '../expiry-field.ts';
import { define } from '../part.ts';
import { isolated } from '../text.ts';
import { type Content, DialogElement } from './dialog.ts';
import { nameField } from './name-field.ts';
import { scopesField } from './scopes-field.ts';

/** Updates a key. Dispatches `changed` with the updated key. */
class EditDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    item: { attribute: false },
    name: { state: true },
    enabled: { state: true },
    scopes: { state: true },
    expiry: { state: true },
    checked: { state: true },
  };

  declare item: ShownKey;
  declare private name: string;
  declare private enabled: boolean;
  declare private scopes: readonly string[];
  declare private expiry: Expiry;
  declare private checked: boolean;

  protected override willUpdate(): void {
    this.name ??= this.item.name;
    this.enabled ??= this.item.enabled;
    this.scopes ??= this.item.scopes;
    this.expiry ??= AS_IT_IS;
    this.checked ??= false;
  }

  protected content(): Content {
    const { texts, session } = this.context;
    const { item } = this;
    const offered = [...new Set([...session.scopes, ...item.scopes])];
    return {
      title: texts.of('edit.title'),
      body: html`${nameField(texts, {
        name: this.name,
        missing: this.checked && this.name.trim() === '',
        change: (typed) => (this.name = typed),
      })}
        ${this.#enabledField()}
        ${scopesField(texts, {
          offered,
          chosen: this.scopes,
          locked: item.scopes.some((scope) => !session.scopes.includes(scope)),
          change: (scopes) => (this.scopes = scopes),
        })}
        ${expiryField(texts, this.expiry, {
          problem: this.checked && Number.isNaN(momentOf(this.expiry)),
          kept: item.expiresAt ?? null,
          change: (expiry) => (this.expiry = expiry),
        })}`,
      actions: html`${this.cancelButton()}
        ${this.submitButton(texts.of('save'))}`,
    };
  }

  #enabledField(): TemplateResult {
    const { texts } = this.context;
    const toggle = (event: Event) => (this.enabled = (event.target as HTMLInputElement).checked);
    return html`<div class="switch">
      <div>
        <label class="label" for="enabled">${texts.of('edit.enabled')}</label>
        <div class="hint" id="enabled-hint">${texts.of('edit.enabled.hint')}</div>
      </div>
      <input
        id="enabled"
        type="checkbox"
        role="switch"
        aria-describedby="enabled-hint"
        .checked=${this.enabled}
        @change=${toggle}
      />
    </div>`;
  }

  protected submit(): void {
    this.checked = true;
    const name = this.name.trim();
    const expiresAt = momentOf(this.expiry);
    const firstBad = name === '' ? '#name' : Number.isNaN(expiresAt) ? '#date' : undefined;
    if (firstBad !== undefined) {
      this.renderRoot.querySelector<HTMLInputElement>(firstBad)?.focus();
      return;
    }
    const change = this.#change(name, expiresAt);
    void this.attempt(async () => {
      if (Object.keys(change).length > 0) {
        const { client, texts, announce } = this.context;
        const { record: detail, effectiveBy } = await client.update(this.item.id, change);
        announce(texts.of('edit.announced', { name: isolated(name) }), effectiveBy);
        this.dispatchEvent(new CustomEvent<ShownKey>('changed', { detail }));
      }
      this.close();
    });
  }

  /** Only the changed fields, so that another person's change in the meantime is kept. */
  #change(name: string, expiresAt: number | null | undefined): KeyChange {
    const { item, enabled, scopes } = this;
    const sameScopes = [...scopes].sort().join(' ') === [...item.scopes].sort().join(' ');
    return {
      ...(name === item.name ? {} : { name }),
      ...(enabled === item.enabled ? {} : { enabled }),
      ...(sameScopes ? {} : { scopes }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }
}

define('keywright-edit-dialog', EditDialog);
