import { css, html, nothing, type TemplateResult } from 'lit';
import './dialogs/disable-factor.ts';
import './dialogs/enroll.ts';
import './dialogs/recovery.ts';
import { icon } from './icons.ts';
import { define, Part } from './part.ts';
import { controls } from './styles/controls.ts';
import { notices } from './styles/notices.ts';
import { tokens } from './styles/tokens.ts';

const styles = css`
  :host {
    display: block;
  }

  .card {
    display: flex;
    flex-wrap: wrap;
    gap: 16px;
    padding: 20px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface);
  }

  .emblem {
    margin: 0;
  }

  .words {
    flex: 1 1 260px;
    min-width: 0;
  }

  .title {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 10px;
    align-items: center;
  }

  .words p {
    max-width: 60ch;
    margin-top: 4px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 16px;
  }
`;

type Open = 'enroll' | 'disable' | { readonly codes: readonly string[] };

/** The second factor of the person who is signed in. */
class SecondFactor extends Part {
  static override properties = {
    ...Part.properties,
    open: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, controls, notices, styles];

  declare private open: Open | undefined;
  declare private busy: boolean;
  declare private problem: string | undefined;

  protected override render(): TemplateResult {
    const { texts, session, headingLevel } = this.context;
    const { enrolled = false, recoveryCodesLeft } = session.secondFactor ?? {};
    return html`<section class="card" aria-labelledby="title">
        <div class="emblem">${icon(enrolled ? 'shieldOn' : 'shield')}</div>
        <div class="words">
          <div class="title">
            <span class="heading" id="title" role="heading" aria-level=${headingLevel + 1}>
              ${texts.of('factor.title')}
            </span>
            <span class="badge dot ${enrolled ? 'positive' : ''}">
              ${texts.of(enrolled ? 'factor.on' : 'factor.off')}
            </span>
          </div>
          <p class="muted">${texts.of('factor.text')}</p>
          ${
            enrolled && recoveryCodesLeft !== undefined
              ? html`<p class="small">${texts.count('factor.left', recoveryCodesLeft)}</p>`
              : nothing
          }
          <div class="buttons">${this.#buttons(enrolled)}</div>
          <p class="problem" role="alert">${this.problem}</p>
        </div>
      </section>
      ${this.#dialog()}`;
  }

  #buttons(enrolled: boolean): unknown {
    const { texts, session } = this.context;
    const has = (operation: string) => session.secondFactor?.operations.includes(operation);
    const button = (text: string, kind: string, act: () => void) =>
      html`<button type="button" class="button ${kind}" ?disabled=${this.busy} @click=${act}>
        ${text}
      </button>`;
    if (!enrolled) {
      const enroll = () => (this.open = 'enroll');
      return has('enroll') ? button(texts.of('factor.enroll'), 'main', enroll) : nothing;
    }
    const renew = () => void this.#renew();
    const disable = () => (this.open = 'disable');
    return [
      has('recovery-codes') ? button(texts.of('factor.renew'), '', renew) : nothing,
      has('disable') ? button(texts.of('factor.disable'), 'quiet warns', disable) : nothing,
    ];
  }

  #dialog(): TemplateResult | typeof nothing {
    const { context, open } = this;
    const closed = () => (this.open = undefined);
    if (open === undefined) return nothing;
    if (open === 'enroll') {
      return html`<keywright-enroll-dialog
        .context=${context}
        @closed=${closed}
        @enrolled=${({ detail }: CustomEvent<readonly string[]>) => this.#show(detail)}
      ></keywright-enroll-dialog>`;
    }
    if (open === 'disable') {
      return html`<keywright-disable-factor-dialog
        .context=${context}
        @closed=${closed}
        @changed=${() => context.refreshSession()}
      ></keywright-disable-factor-dialog>`;
    }
    return html`<keywright-recovery-dialog
      .context=${context}
      .codes=${open.codes}
      @closed=${closed}
    ></keywright-recovery-dialog>`;
  }

  #show(codes: readonly string[]): void {
    this.open = { codes };
    void this.context.refreshSession();
  }

  async #renew(): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      const { recoveryCodes } = await this.context.client.renewRecoveryCodes();
      this.#show(recoveryCodes);
    } catch (error) {
      const givenUp = (error as { code?: unknown }).code === 'step_up_required';
      this.problem = givenUp ? undefined : this.explain(error);
    } finally {
      this.busy = false;
    }
  }
}

define('keywright-second-factor', SecondFactor);
