import { html, nothing, type TemplateResult } from 'lit';
import '../copy-field.ts';
import type { IssuedKey } from '../client.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { type Content, DialogElement } from './dialog.ts';

/** Shows a new key, this once. The key is nowhere but in this element, which goes when it closes. */
class RevealDialog extends DialogElement {
  static override properties = {
    ...DialogElement.properties,
    issued: { attribute: false },
    leaving: { state: true },
  };

  declare issued: IssuedKey | undefined;
  /** Whether it was to be left before anything was copied. */
  declare private leaving: boolean;
  #copied = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.issued = undefined;
  }

  protected content(): Content {
    const { texts } = this.context;
    if (this.leaving) {
      return {
        title: texts.of('reveal.leave'),
        body: html`<p class="lead">${texts.of('reveal.leave.text')}</p>`,
        actions: html`<button type="button" class="button" @click=${() => this.close()}>
            ${texts.of('reveal.leave.anyway')}
          </button>
          <button class="button main" autofocus>${texts.of('reveal.stay')}</button>`,
      };
    }
    return {
      title: texts.of('reveal.title'),
      body: this.issued === undefined ? nothing : this.#key(this.issued),
      actions: html`<button class="button main">${texts.of('reveal.done')}</button>`,
      wide: true,
    };
  }

  #key({ key, record }: IssuedKey): TemplateResult {
    const { texts, session } = this.context;
    const { variable, apiBaseUrl = location.origin } = session.brand;
    // A quote would end the text that the shell is given.
    const address = apiBaseUrl.replaceAll("'", '%27');
    const field = (
      label: 'key' | 'env' | 'curl',
      action: 'copy' | 'copyEnv' | 'copyCurl',
      value: string,
    ) => html`<keywright-copy-field
      .texts=${texts}
      .label=${texts.of(`reveal.${label}`)}
      .action=${texts.of(`reveal.${action}`)}
      .value=${value}
      @copied=${() => (this.#copied = true)}
    ></keywright-copy-field>`;
    return html`<div class="note caution">
        ${icon('warning')}
        <span>${texts.rich('reveal.text', { name: html`<bdi>${record.name}</bdi>` })}</span>
      </div>
      ${field('key', 'copy', key)} ${field('env', 'copyEnv', `${variable}=${key}`)}
      ${field('curl', 'copyCurl', `curl -i '${address}' -H 'Authorization: Bearer ${key}'`)}`;
  }

  protected submit(): void {
    if (this.leaving) this.leaving = false;
    else this.close();
  }

  protected override dismiss(): void {
    if (this.#copied || this.leaving) this.close();
    else this.leaving = true;
  }
}

define('keywright-reveal-dialog', RevealDialog);
