import { html, nothing, type TemplateResult } from 'lit';
import './dialogs/code.ts';
import './dialogs/enroll.ts';
import './dialogs/recovery.ts';
import type { JsonObject } from '../../json.ts';
import { define, Part } from './part.ts';

type Step = 'code' | 'enroll' | { readonly codes: readonly string[] };

/** Asks for the second factor that a request requires, or sets one up first. */
export class FactorPrompt extends Part {
  static override properties = {
    ...Part.properties,
    step: { state: true },
    enrolled: { state: true },
  };

  declare private step: Step | undefined;
  declare private enrolled: boolean;
  #settle: ((passed: boolean) => void) | undefined;

  /** Resolves with whether the person confirmed. */
  ask({ enrolled }: JsonObject): Promise<boolean> {
    const known = this.context.session.secondFactor?.enrolled ?? false;
    this.enrolled = typeof enrolled === 'boolean' ? enrolled : known;
    this.step = 'code';
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end(false);
  }

  #end(passed: boolean): void {
    this.step = undefined;
    this.#settle?.(passed);
    this.#settle = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { context, step } = this;
    if (step === undefined) return nothing;
    if (step === 'code') {
      return html`<keywright-code-dialog
        .context=${context}
        .enrolled=${this.enrolled}
        @closed=${() => this.#end(false)}
        @passed=${() => this.#end(true)}
        @enroll=${() => (this.step = 'enroll')}
      ></keywright-code-dialog>`;
    }
    if (step === 'enroll') {
      return html`<keywright-enroll-dialog
        .context=${context}
        @closed=${() => this.#end(false)}
        @enrolled=${({ detail }: CustomEvent<readonly string[]>) => (this.step = { codes: detail })}
      ></keywright-enroll-dialog>`;
    }
    return html`<keywright-recovery-dialog
      .context=${context}
      .codes=${step.codes}
      @closed=${() => this.#enrolled()}
    ></keywright-recovery-dialog>`;
  }

  /** Lets the request proceed. Meanwhile, the page reads the state of the new second factor. */
  #enrolled(): void {
    this.#end(true);
    void this.context.refreshSession();
  }
}

define('keywright-factor-prompt', FactorPrompt);
