import { html, type TemplateResult } from 'lit';
import { MAX_REASON_LENGTH } from '../../../limits.ts';
import type { ShownKey } from '../api.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { isolated, type Texts } from '../text.ts';
import { relative } from '../time.ts';
import { type Content, DialogElement, typedIn } from './dialog.ts';

/** Revokes one key or all keys after a confirmation. Dispatches `changed`, with the key if it is one. */
class RevokeDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    item: { attribute: false },
    reason: { state: true },
    typed: { state: true },
  };

  /** The key; `undefined` for all keys. */
  declare item: ShownKey | undefined;
  declare private reason: string;
  /** What was typed to confirm that all keys are revoked. */
  declare private typed: string;

  constructor() {
    super();
    this.reason = '';
    this.typed = '';
  }

  protected content(): Content {
    const { texts } = this.context;
    const { item } = this;
    const isSure = item !== undefined || this.#same(this.typed, texts.of('revokeAll.phrase'));
    return {
      title:
        item === undefined
          ? texts.of('revokeAll.title')
          : texts.rich('revoke.title', { name: html`<bdi>${item.name}</bdi>` }),
      body: html`${item === undefined ? this.#all() : this.#one(item)} ${this.#reasonField()}`,
      actions: html`${this.cancelButton()}
        ${this.submitButton(texts.of(item === undefined ? 'revokeAll.submit' : 'revoke.submit'), {
          kind: 'danger',
          disabled: !isSure,
        })}`,
    };
  }

  #one(item: ShownKey): TemplateResult {
    const { texts } = this.context;
    return html`<p class="lead">${texts.of('revoke.text')}</p>
      <div class="note">
        ${icon('key')}
        <span>
          <span class="mono">${texts.of('list.hint', { hint: item.hint })}</span><br />
          ${useOf(texts, item)}
        </span>
      </div>`;
  }

  #all(): TemplateResult {
    const { texts, session } = this.context;
    const phrase = texts.of('revokeAll.phrase');
    return html`<p class="lead">
        ${texts.rich('revokeAll.text', { owner: html`<bdi>${session.ownerName ?? session.owner}</bdi>` })}
      </p>
      <div class="field">
        <label for="phrase">${texts.of('revokeAll.confirm', { phrase })}</label>
        <input
          id="phrase"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          autofocus
          .value=${this.typed}
          @input=${(event: Event) => (this.typed = typedIn(event))}
        />
      </div>`;
  }

  #reasonField(): TemplateResult {
    const { texts } = this.context;
    return html`<div class="field">
      <label for="reason">
        ${texts.of('revoke.reason')} <span class="muted">(${texts.of('optional')})</span>
      </label>
      <input
        id="reason"
        maxlength=${MAX_REASON_LENGTH}
        autocomplete="off"
        aria-describedby="reason-hint"
        .value=${this.reason}
        @input=${(event: Event) => (this.reason = typedIn(event))}
      />
      <span class="hint" id="reason-hint">${texts.of('revoke.reason.hint')}</span>
    </div>`;
  }

  #same(typed: string, phrase: string): boolean {
    const { texts } = this.context;
    return texts.fold(typed.trim()) === texts.fold(phrase);
  }

  protected submit(): void {
    const reason = this.reason.trim();
    const body = reason === '' ? {} : { reason };
    void this.attempt(async () => {
      const { client, texts, announce } = this.context;
      if (this.item === undefined) {
        const { revoked, effectiveBy } = await client.revokeAll(body);
        announce(texts.count('revokeAll.announced', revoked), effectiveBy);
        this.dispatchEvent(new CustomEvent('changed'));
      } else {
        const { record: detail, effectiveBy } = await client.revoke(this.item.id, body);
        announce(texts.of('revoke.announced', { name: isolated(this.item.name) }), effectiveBy);
        this.dispatchEvent(new CustomEvent<ShownKey>('changed', { detail }));
      }
      this.close();
    });
  }
}

function useOf(texts: Texts, { lastUsedAt }: ShownKey): string {
  if (lastUsedAt === undefined) return texts.of('revoke.unused');
  return texts.of('revoke.used', { when: relative(texts, lastUsedAt) });
}

define('keywright-revoke-dialog', RevokeDialog);
