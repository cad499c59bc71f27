import { html } from 'lit';
import { define } from '../part.ts';
import { type Content, DialogElement } from './dialog.ts';

/** Disables the second factor after a confirmation. Dispatches `changed`. */
class DisableFactorDialog extends DialogElement {
  protected content(): Content {
    const { texts } = this.context;
    return {
      title: texts.of('factor.disable.title'),
      body: html`<p class="lead">${texts.of('factor.disable.text')}</p>`,
      actions: html`${this.cancelButton()}
        ${this.submitButton(texts.of('factor.disable'), { kind: 'danger' })}`,
    };
  }

  protected submit(): void {
    void this.attempt(async () => {
      const { client, texts, announce } = this.context;
      await client.disableSecondFactor();
      announce(texts.of('factor.disabled'));
      this.dispatchEvent(new CustomEvent('changed'));
      this.close();
    });
  }
}

define('keywright-disable-factor-dialog', DisableFactorDialog);
