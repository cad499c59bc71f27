import { html, nothing, type TemplateResult } from 'lit';
import '../copy-field.ts';
import type { IssuedKey } from '../api.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import type { Content } from './dialog.ts';
import { OnceDialog } from './once.ts';

/** Shows a new key once. Only this element holds the token, and drops it when it closes. */
class RevealDialog extends OnceDialog {
  static override properties = { ...OnceDialog.properties, issued: { attribute: false } };

  declare issued: IssuedKey | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.issued = undefined;
  }

  protected warning(): string {
    return this.context.texts.of('reveal.leave.text');
  }

  protected shown(): Content | undefined {
    const { texts } = this.context;
    if (this.issued === undefined) return undefined;
    return {
      title: texts.of('reveal.title'),
      body: this.#key(this.issued),
      actions: this.doneButton(texts.of('reveal.done')),
      wide: true,
    };
  }

  #key({ key, record }: IssuedKey): TemplateResult {
    const { texts, session } = this.context;
    const { variable, apiUrls } = session.brand;
    const apiUrl = apiUrls[record.environment];
    const name = html`<bdi>${record.name}</bdi>`;
    const test = apiUrl === undefined ? '' : curlLine(apiUrl, variable);
    return html`<div class="note caution">
        ${icon('warning')}<span>${texts.rich('reveal.text', { name })}</span>
      </div>
      ${this.#field('key', 'copy', key, true)}
      ${this.#field('env', 'copyEnv', `${variable}=${key}`)}
      ${test === '' ? nothing : this.#field('curl', 'copyCurl', test)}`;
  }

  #field(
    label: 'key' | 'env' | 'curl',
    action: 'copy' | 'copyEnv' | 'copyCurl',
    value: string,
    prominent = false,
  ): TemplateResult {
    const { texts } = this.context;
    const save = () => {
      this.saved ||= label !== 'curl';
    };
    return html`<keywright-copy-field
      .texts=${texts}
      .label=${texts.of(`reveal.${label}`)}
      .action=${texts.of(`reveal.${action}`)}
      .value=${value}
      .prominent=${prominent}
      @copied=${save}
      @copy=${save}
    ></keywright-copy-field>`;
  }
}

/** Reads the key from the environment, so that it does not stay in the history of the shell. */
function curlLine(url: string, variable: string): string {
  // A quote would end the quoted string of the shell.
  return `curl -i '${url.replaceAll("'", '%27')}' -H "Authorization: Bearer $${variable}"`;
}

define('keywright-reveal-dialog', RevealDialog);
