import { html, nothing, type TemplateResult } from 'lit';
import type { ShownKey } from '../api.ts';
import { type Evidence, evidenceOf } from '../evidence.ts';
import { type IconName, icon } from '../icons.ts';
import { define } from '../part.ts';
import { isolated } from '../text.ts';
import { duration, now, relative, timeElement } from '../time.ts';
import { type Content, DialogElement } from './dialog.ts';

const LOOK_EVERY_MS = 5000;

/** The result of one check. */
interface Look {
  readonly record: ShownKey;
  readonly evidence: Evidence;
  /** The time of the check, by the clock of the service and by that of the browser. */
  readonly at: number;
  readonly seenAt: number;
}

const TONES: Readonly<Record<Evidence['finding'], readonly [string, IconName]>> = {
  used: ['caution', 'warning'],
  early: ['', 'clock'],
  unproven: ['', 'info'],
  quiet: ['positive', 'check'],
};

/**
 * Completes a rotation. Checks every five seconds whether the old key is still in use, and offers to revoke
 * it. Dispatches `changed` with the updated key.
 */
class RetireDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    item: { attribute: false },
    look: { state: true },
    asking: { state: true },
  };

  /** The key as the list shows it. */
  declare item: ShownKey;
  declare private look: Look | undefined;
  /** Whether to ask for a confirmation, because the key may be in use. */
  declare private asking: boolean;
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
    const { client, session } = this.context;
    const { id, replacedBy } = this.item;
    try {
      const { record, now: at } = await client.key(id);
      const successor = replacedBy === undefined ? undefined : await client.key(replacedBy);
      const evidence = evidenceOf(record, successor?.record, at, session.usageFlushMs);
      this.look = { record, evidence, at, seenAt: now() };
      this.dispatchEvent(new CustomEvent<ShownKey>('changed', { detail: record }));
    } catch (error) {
      this.problem = this.explain(error);
    }
    if (this.isConnected && this.#key.state === 'active') {
      this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY_MS);
    }
  }

  get #key(): ShownKey {
    return this.look?.record ?? this.item;
  }

  protected content(): Content {
    const { texts } = this.context;
    const { look } = this;
    if (this.asking && look !== undefined) return this.#question(look);
    const when = look === undefined ? '' : relative(texts, look.seenAt);
    return {
      title: texts.of('finish.title'),
      body: html`${this.#lead()}
        <div role="status">
          ${
            look === undefined
              ? html`<p class="note">${icon('clock')} ${texts.of('finish.checking')}</p>`
              : this.#finding(look)
          }
        </div>
        ${look === undefined ? nothing : html`<p class="hint">${texts.of('finish.checked', { when })}</p>`}`,
      actions: html`<button type="button" class="button" @click=${() => this.close()}>
          ${texts.of('finish.later')}
        </button>
        ${this.#revokeButton()}`,
    };
  }

  #lead(): TemplateResult {
    const { texts } = this.context;
    const { name, hint, expiresAt } = this.#key;
    const values = {
      name: html`<bdi>${name}</bdi>`,
      when: expiresAt === undefined ? '' : relative(texts, expiresAt),
    };
    return html`<p class="lead">
      ${texts.rich(expiresAt === undefined ? 'finish.text' : 'finish.ends', values)}
      <span class="mono">${texts.of('list.hint', { hint })}</span>
    </p>`;
  }

  /** The main button only if the old key is quiet; otherwise a plain one that asks for a confirmation. */
  #revokeButton(): TemplateResult {
    const { texts } = this.context;
    const finding = this.look?.evidence.finding;
    const disabled = finding === undefined || !this.may('revoke');
    if (finding === 'quiet') return this.submitButton(texts.of('finish.revoke'), { disabled });
    return this.submitButton(texts.of('finish.revokeNow'), { kind: '', disabled });
  }

  #question(look: Look): Content {
    const { texts } = this.context;
    return {
      title: texts.rich('revoke.title', { name: html`<bdi>${this.#key.name}</bdi>` }),
      body: html`<p class="lead">${texts.of('finish.ask')}</p>
        <div role="status">${this.#finding(look)}</div>`,
      actions: html`<button
          type="button"
          class="button"
          @click=${() => (this.asking = false)}
        >
          ${texts.of('finish.later')}
        </button>
        ${this.submitButton(texts.of('finish.revokeAnyway'), { kind: 'danger' })}`,
    };
  }

  #finding({ record, evidence, at, seenAt }: Look): TemplateResult {
    const { texts, session } = this.context;
    const { finding, since, decidedAt } = evidence;
    // The browser's clock may differ from the service's: convert the moment to the browser's clock.
    const here = (moment: number) => seenAt + moment - at;
    const [tone, picture] = TONES[finding];
    const values = {
      when: relative(texts, here(finding === 'used' ? since : decidedAt)),
      late: duration(texts, session.usageFlushMs),
      time: duration(texts, at - since),
    };
    return html`<div class="note ${tone}">
      ${icon(picture)}
      <span>
        <strong>${texts.of(`finish.${finding}`, values)}</strong>
        ${texts.of(`finish.${finding}.text`, values)} ${this.#before(record)}
      </span>
    </div>`;
  }

  /** The last use before the rotation, which shows how often the key is used. */
  #before({ lastUsedAt, replacedAt = 0 }: ShownKey): unknown {
    const { texts } = this.context;
    if (lastUsedAt === undefined) return texts.of('finish.before.never');
    if (lastUsedAt > replacedAt) return nothing;
    const when = timeElement(texts, lastUsedAt, relative(texts, lastUsedAt));
    return texts.rich('finish.before', { when });
  }

  protected submit(): void {
    if (this.look?.evidence.finding !== 'quiet' && !this.asking) {
      this.asking = true;
      return;
    }
    void this.attempt(async () => {
      const { client, texts, announce } = this.context;
      clearTimeout(this.#timer);
      const { record: detail, effectiveBy } = await client.revoke(this.item.id, {});
      announce(texts.of('revoke.announced', { name: isolated(this.item.name) }), effectiveBy);
      this.dispatchEvent(new CustomEvent<ShownKey>('changed', { detail }));
      this.close();
    });
  }
}

define('keywright-retire-dialog', RetireDialog);
