import { html } from 'lit';
import '../copy-field.ts';
import { icon } from '../icons.ts';
import { define } from '../part.ts';
import type { Content } from './dialog.ts';
import { OnceDialog } from './once.ts';

/** Shows recovery codes once. Only this element holds them, and drops them when it closes. */
class RecoveryDialog extends OnceDialog {
  static override properties = { ...OnceDialog.properties, codes: { attribute: false } };

  declare codes: readonly string[];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.codes = [];
  }

  protected warning(): string {
    return this.context.texts.of('recovery.leave.text');
  }

  protected shown(): Content | undefined {
    const { texts } = this.context;
    if (this.codes.length === 0) return undefined;
    const text = this.codes.join('\n');
    const save = () => {
      this.saved = true;
    };
    return {
      title: texts.of('recovery.title'),
      body: html`<div class="note caution">
          ${icon('warning')}<span>${texts.of('recovery.text')}</span>
        </div>
        <keywright-copy-field
          .texts=${texts}
          .label=${texts.of('recovery.list')}
          .action=${texts.of('recovery.copy')}
          .value=${text}
          .prominent=${true}
          @copied=${save}
          @copy=${save}
        ></keywright-copy-field>`,
      actions: html`<a
          class="button aside"
          download="recovery-codes.txt"
          href=${`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          @click=${save}
        >
          ${icon('download')} ${texts.of('recovery.download')}
        </a>
        ${this.doneButton(texts.of('recovery.done'))}`,
    };
  }
}

define('keywright-recovery-dialog', RecoveryDialog);
