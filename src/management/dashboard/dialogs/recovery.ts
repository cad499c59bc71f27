import { html, nothing } from 'lit';
import '../copy-field.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import { type Content, DialogElement } from './dialog.ts';

/** Shows recovery codes, this once. They are nowhere but in this element, which goes when it closes. */
class RecoveryDialog extends DialogElement {
  static override properties = { ...DialogElement.properties, codes: { attribute: false } };

  declare codes: readonly string[];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.codes = [];
  }

  protected content(): Content {
    const { texts } = this.context;
    const text = this.codes.join('\n');
    return {
      title: texts.of('recovery.title'),
      body: html`<div class="note caution">
          ${icon('warning')}<span>${texts.of('recovery.text')}</span>
        </div>
        ${
          this.codes.length === 0
            ? nothing
            : html`<keywright-copy-field
              .texts=${texts}
              .label=${texts.of('recovery.list')}
              .action=${texts.of('recovery.copy')}
              .value=${text}
            ></keywright-copy-field>`
        }`,
      actions: html`<a
          class="button aside"
          download="recovery-codes.txt"
          href=${`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
        >
          ${icon('download')} ${texts.of('recovery.download')}
        </a>
        <button class="button main">${texts.of('recovery.done')}</button>`,
    };
  }

  protected submit(): void {
    this.close();
  }
}

define('keywright-recovery-dialog', RecoveryDialog);
