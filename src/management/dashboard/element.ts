import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import './activity.ts';
import './second-factor.ts';
import { blank } from './blank.ts';
import { ApiError, Client, type SessionInfo, type ShownKey } from './client.ts';
import { FactorPrompt } from './factor-prompt.ts';
import { icon } from './icons.ts';
import { KeyList } from './key-list.ts';
import type { Context } from './part.ts';
import { controls } from './styles/controls.ts';
import { notices } from './styles/notices.ts';
import { shell } from './styles/shell.ts';
import { tokens } from './styles/tokens.ts';
import { type Section, tabBar } from './tabs.ts';
import { Texts } from './text.ts';

const TOAST_MS = 4000;

/** The element `keywright-keys`. */
export class KeywrightKeys extends LitElement {
  static override properties = {
    basePath: { attribute: 'base-path' },
    texts: { type: Object },
    theme: { reflect: true },
    headingLevel: { type: Number, attribute: 'heading-level' },
    session: { state: true },
    section: { state: true },
    about: { state: true },
    problem: { state: true },
    said: { state: true },
  };
  static override styles = [tokens, controls, notices, shell];

  declare basePath: string;
  declare texts: Readonly<Record<string, string>>;
  declare theme: 'light' | 'dark' | 'auto' | undefined;
  declare headingLevel: number;
  declare private session: SessionInfo | undefined;
  declare private section: Section;
  /** The key whose activity is shown. */
  declare private about: ShownKey | undefined;
  /** Why there is no session to show. */
  declare private problem: ApiError | undefined;
  declare private said: string;
  #client = new Client('', () => Promise.resolve(false));
  #words = new Texts();
  #context: Context | undefined;
  #toast: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.basePath = '';
    this.texts = {};
    this.headingLevel = 2;
    this.section = 'keys';
    this.said = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#toast);
  }

  /** Reads the session and everything else again. */
  async refresh(): Promise<void> {
    this.session = undefined;
    this.problem = undefined;
    await this.#readSession();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('basePath')) {
      this.#client = new Client(this.basePath, async (challenge) => {
        const prompt = this.renderRoot.querySelector('keywright-factor-prompt');
        return prompt instanceof FactorPrompt && (await prompt.ask(challenge));
      });
      void this.refresh();
    }
    const relevant = ['basePath', 'texts', 'session', 'headingLevel'];
    if (relevant.some((name) => changed.has(name))) {
      this.#words = new Texts(this.session?.texts ?? {}, this.texts ?? {});
      this.#context = this.session && this.#contextOf(this.session);
    }
  }

  /** One object for as long as nothing in it changes: with another, all parts are drawn again. */
  #contextOf(session: SessionInfo): Context {
    return {
      ...{ client: this.#client, texts: this.#words, session, headingLevel: this.headingLevel },
      announce: (message) => this.#announce(message),
      refreshSession: () => this.#readSession(),
      signedOut: () => {
        this.session = undefined;
        this.problem = new ApiError('unauthorized');
      },
    };
  }

  async #readSession(): Promise<void> {
    const client = this.#client;
    try {
      const session = await client.session();
      if (client === this.#client) this.session = session;
    } catch (error) {
      if (client !== this.#client) return;
      this.session = undefined;
      this.problem = error as ApiError;
    }
  }

  #announce(message: string): void {
    this.said = message;
    clearTimeout(this.#toast);
    this.#toast = setTimeout(() => (this.said = ''), TOAST_MS);
  }

  #show(section: Section, about?: ShownKey): void {
    this.section = section;
    this.about = about;
  }

  protected override render(): TemplateResult {
    const context = this.#context;
    return html`<div lang=${this.#words.language}>
      <div class="frame">${context === undefined ? this.#without() : this.#with(context)}</div>
      <div class="toast" role="status">
        ${this.said === '' ? nothing : html`<span>${icon('check')}${this.said}</span>`}
      </div>
    </div>`;
  }

  #without(): TemplateResult {
    const words = this.#words;
    const { problem } = this;
    const signedOut = problem?.code === 'unauthorized';
    const content =
      problem === undefined
        ? html`<div class="blank" role="status">
            <span class="bone"></span><span class="bone short"></span>
            <span class="unseen">${words.of('loading')}</span>
          </div>`
        : blank({
            ...{ picture: signedOut ? 'lock' : 'warning', alert: true },
            title: words.of(signedOut ? 'signedOut.title' : 'failed.title'),
            text: signedOut ? words.of('signedOut.text') : words.error(problem),
            action: html`<button type="button" class="button" @click=${() => this.refresh()}>
              ${words.of(signedOut ? 'signedOut.retry' : 'retry')}
            </button>`,
          });
    return html`<div class="top"><div>${this.#heading()}</div></div>
      <div class="alone">${content}</div>`;
  }

  #heading(): TemplateResult {
    return html`<div class="heading" role="heading" aria-level=${this.headingLevel}>
      ${this.#words.of('title')}
    </div>`;
  }

  #with(context: Context): TemplateResult {
    const { session, texts: words } = context;
    const may = (action: string) => session.actions.includes(action);
    const sections: Section[] = ['keys', 'activity'];
    if (session.secondFactor !== undefined) sections.push('security');
    // The page for those who use the API stands beside the dashboard.
    const { docsUrl = `${this.basePath.replace(/\/$/, '')}/guide` } = session.brand;
    return html`<div class="top">
        <div>
          ${this.#heading()}
          <p>
            ${words.rich('subtitle', { owner: html`<bdi>${session.owner}</bdi>` })}
            <a href=${docsUrl} rel="noreferrer">${words.of('docs')}${icon('external')}</a>
          </p>
        </div>
        ${
          may('create') && this.section === 'keys'
            ? html`<button type="button" class="button main" @click=${this.#create}>
              ${icon('plus')} ${words.of('action.create')}
            </button>`
            : nothing
        }
      </div>
      ${tabBar(words, sections, this.section, (section) => this.#show(section))}
      <div id="panel" role="tabpanel" aria-labelledby="tab-${this.section}">
        ${this.#content(context)}
      </div>
      <keywright-factor-prompt .context=${context}></keywright-factor-prompt>`;
  }

  #create(): void {
    const list = this.renderRoot.querySelector('keywright-key-list');
    if (list instanceof KeyList) list.create();
  }

  #content(context: Context): TemplateResult {
    const { texts } = context;
    if (this.section === 'security') {
      return html`<keywright-second-factor .context=${context}></keywright-second-factor>`;
    }
    if (!context.session.actions.includes('read')) {
      return html`<div class="alone">
        ${blank({
          ...{ picture: 'lock', title: texts.of('noAccess.title') },
          text: texts.of('noAccess.text'),
        })}
      </div>`;
    }
    if (this.section === 'activity') {
      return html`<keywright-activity
        .context=${context}
        .about=${this.about}
      ></keywright-activity>`;
    }
    return html`<keywright-key-list
      .context=${context}
      @history=${({ detail }: CustomEvent<ShownKey>) => this.#show('activity', detail)}
    ></keywright-key-list>`;
  }
}
