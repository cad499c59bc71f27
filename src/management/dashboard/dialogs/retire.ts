import { html, type TemplateResult } from 'lit';
import type { ShownKey } from '../client.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { isolated } from '../text.ts';
import { now, relative, timeElement } from '../time.ts';
import { type Content, DialogElement } from './dialog.ts';

const LOOK_EVERY_MS = 5000;

/**
 * Ends a rotation: looks whether the old key is still in use, again and again, and offers to revoke
 * it. Sends `changed` with the key as it then is.
 */
class RetireDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    item: { attribute: false },
    found: { state: true },
    lookedAt: { state: true },
  };

  /** The key as the list has it. */
  declare item: ShownKey;
  /** The key as it was at the last look. */
  declare private found: ShownKey | undefined;
  declare private lookedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      this.found = await this.context.client.key(this.item.id);
      this.lookedAt = now();
      this.dispatchEvent(new CustomEvent<ShownKey>('changed', { detail: this.found }));
    } catch (error) {
      this.problem = this.explain(error);
    }
    if (this.isConnected && this.#key.state === 'active') {
      this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY_MS);
    }
  }

  get #key(): ShownKey {
    return this.found ?? this.item;
  }

  /** Whether the old key was used after it was replaced. */
  get #inUse(): boolean {
    const { lastUsedAt, replacedAt } = this.#key;
    return lastUsedAt !== undefined && lastUsedAt > (replacedAt ?? 0);
  }

  protected content(): Content {
    const { texts } = this.context;
    const { lookedAt } = this;
    const item = this.#key;
    const ends = item.expiresAt !== undefined;
    const name = html`<bdi>${item.name}</bdi>`;
    const when = ends ? relative(texts, item.expiresAt) : '';
    const checked = lookedAt === undefined ? '' : relative(texts, lookedAt);
    return {
      title: texts.of('finish.title'),
      body: html`<p class="lead">
          ${texts.rich(ends ? 'finish.ends' : 'finish.text', { name, when })}
          <span class="mono">${texts.of('list.hint', { hint: item.hint })}</span>
        </p>
        <div role="status">
          ${
            lookedAt === undefined
              ? html`<p class="note">${icon('clock')} ${texts.of('finish.checking')}</p>`
              : this.#finding()
          }
        </div>
        ${
          lookedAt === undefined
            ? ''
            : html`<p class="hint">${texts.of('finish.checked', { when: checked })}</p>`
        }`,
      actions: html`<button type="button" class="button" @click=${() => this.close()}>
          ${texts.of('finish.later')}
        </button>
        <button
          class="button ${this.#inUse ? 'danger' : 'main'}"
          ?disabled=${this.busy || lookedAt === undefined || !this.may('revoke')}
        >
          ${texts.of(this.#inUse ? 'finish.revokeAnyway' : 'finish.revoke')}
        </button>`,
    };
  }

  #finding(): TemplateResult {
    const { texts } = this.context;
    const { lastUsedAt = 0 } = this.#key;
    if (!this.#inUse) {
      return html`<div class="note positive">
        ${icon('check')}
        <span><strong>${texts.of('finish.quiet')}</strong>${texts.of('finish.quiet.text')}</span>
      </div>`;
    }
    const when = timeElement(texts, lastUsedAt, relative(texts, lastUsedAt));
    return html`<div class="note caution">
      ${icon('warning')}
      <span
        ><strong>${texts.rich('finish.used', { when })}</strong>${texts.of('finish.used.text')}</span
      >
    </div>`;
  }

  protected submit(): void {
    void this.attempt(async () => {
      const { client, texts, announce } = this.context;
      clearTimeout(this.#timer);
      const detail = await client.revoke(this.item.id, {});
      announce(texts.of('revoke.announced', { name: isolated(this.item.name) }));
      this.dispatchEvent(new CustomEvent<ShownKey>('changed', { detail }));
      this.close();
    });
  }
}

define('keywright-retire-dialog', RetireDialog);
