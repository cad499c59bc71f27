import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import './activity.ts';
import './second-factor.ts';
import { problemOf } from '../texts/text-names.ts';
import { Address } from './address.ts';
import type { SessionInfo, ShownKey } from './api.ts';
import { blank } from './blank.ts';
import { ApiError, Client } from './client.ts';
import { FactorPrompt } from './factor-prompt.ts';
import { icon } from './icons.ts';
import { KeyList } from './key-list.ts';
import type { Context } from './part.ts';
import { People } from './person.ts';
import { signInLink } from './sign-in.ts';
import { controls } from './styles/controls.ts';
import { notices } from './styles/notices.ts';
import { shell } from './styles/shell.ts';
import { tokens } from './styles/tokens.ts';
import { type Section, tabBar } from './tabs.ts';
import { Texts } from './text.ts';
import { duration, now } from './time.ts';

const TOAST_MS = 4000;

/** The element `keywright-keys`. */
export class KeywrightKeys extends LitElement {
  static override properties = {
    basePath: { attribute: 'base-path' },
    texts: { type: Object, noAccessor: true },
    theme: { reflect: true },
    headingLevel: { type: Number, attribute: 'heading-level' },
    signInUrl: { attribute: 'sign-in-url' },
    usesFragment: { type: Boolean, attribute: 'uses-fragment' },
    session: { state: true },
    section: { state: true },
    about: { state: true },
    problem: { state: true },
    toast: { state: true },
  };
  static override styles = [tokens, controls, notices, shell];

  declare basePath: string;
  declare theme: 'light' | 'dark' | 'auto' | undefined;
  declare headingLevel: number;
  declare signInUrl: string | undefined;
  declare usesFragment: boolean;
  declare private session: SessionInfo | undefined;
  declare private section: Section;
  /** The key whose activity is shown. */
  declare private about: ShownKey | undefined;
  /** The error of the request for the session. */
  declare private problem: ApiError | undefined;
  declare private toast: string;
  #client = new Client('', () => Promise.resolve(false));
  #texts: Readonly<Record<string, string>> = {};
  #words = new Texts();
  readonly #people = new People();
  #address = new Address(false);
  #context: Context | undefined;
  #toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.basePath = '';
    this.headingLevel = 2;
    this.section = 'keys';
    this.usesFragment = false;
    this.toast = '';
  }

  get texts(): Readonly<Record<string, string>> {
    return this.#texts;
  }

  /** @throws TypeError for a text with an unknown name or an invalid language */
  set texts(texts: Readonly<Record<string, string>> | null) {
    const wrong = problemOf(texts ?? {});
    if (wrong !== undefined) throw new TypeError(`texts['${wrong.name}'] ${wrong.problem}`);
    const before = this.#texts;
    this.#texts = texts ?? {};
    this.requestUpdate('texts', before);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('popstate', this.#follow);
  }

  /** Shows the section that the address names. */
  readonly #follow = (): void => {
    const { section } = this.#address;
    if (section === 'keys' || section === 'activity' || section === 'security') {
      this.section = section;
      this.about = undefined;
    }
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#toastTimer);
    removeEventListener('popstate', this.#follow);
  }

  /** Reads the session and everything else again. */
  async refresh(): Promise<void> {
    this.session = undefined;
    this.problem = undefined;
    await this.#readSession();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('usesFragment')) {
      this.#address = new Address(this.usesFragment);
      this.#follow();
    }
    if (changed.has('basePath')) {
      this.#client = new Client(this.basePath, async (challenge) => {
        const prompt = this.renderRoot.querySelector('keywright-factor-prompt');
        return prompt instanceof FactorPrompt && (await prompt.ask(challenge));
      });
      void this.refresh();
    }
    const relevant = ['basePath', 'texts', 'session', 'headingLevel', 'usesFragment'];
    if (relevant.some((name) => changed.has(name))) {
      this.#words = new Texts(this.session?.texts ?? {}, this.#texts);
      this.#context = this.session && this.#contextOf(this.session);
    }
  }

  /** Creates the context only when it changes: a new object makes all parts render again. */
  #contextOf(session: SessionInfo): Context {
    this.#people.remember([session.actor]);
    return {
      ...{ client: this.#client, texts: this.#words, session, headingLevel: this.headingLevel },
      ...{ people: this.#people, address: this.#address },
      announce: (message, effectiveBy) => this.#announce(message, effectiveBy),
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

  #announce(message: string, effectiveBy = 0): void {
    const left = effectiveBy - now();
    const later = () => this.#words.of('effect.later', { time: duration(this.#words, left) });
    this.toast = left > 0 ? `${message} ${later()}` : message;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => (this.toast = ''), TOAST_MS);
  }

  #show(section: Section, about?: ShownKey): void {
    this.section = section;
    this.about = about;
    this.#address.write(section);
  }

  protected override render(): TemplateResult {
    const context = this.#context;
    return html`<div lang=${this.#words.language} dir=${this.#words.direction}>
      <div class="frame">${context === undefined ? this.#placeholder() : this.#main(context)}</div>
      <div class="toast" role="status">
        ${this.toast === '' ? nothing : html`<span>${icon('check')}${this.toast}</span>`}
      </div>
    </div>`;
  }

  #placeholder(): TemplateResult {
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
            action: html`<div class="buttons">
              ${signedOut ? signInLink(words, this.signInUrl) : nothing}
              <button type="button" class="button" @click=${() => this.refresh()}>
                ${words.of(signedOut ? 'signedOut.retry' : 'retry')}
              </button>
            </div>`,
          });
    return html`<div class="top"><div>${this.#heading()}</div></div>
      <div class="alone">${content}</div>`;
  }

  #heading(): TemplateResult {
    return html`<div class="heading" role="heading" aria-level=${this.headingLevel}>
      ${this.#words.of('title')}
    </div>`;
  }

  #main(context: Context): TemplateResult {
    const { session, texts: words } = context;
    const may = (action: string) => session.actions.includes(action);
    const sections: Section[] = ['keys', 'activity'];
    if (session.secondFactor !== undefined) sections.push('security');
    // By default, link to the guide, which the same handler serves.
    const { docsUrl = `${this.basePath.replace(/\/$/, '')}/guide` } = session.brand;
    return html`<div class="top">
        <div>
          ${this.#heading()}
          <p>
            ${words.rich('subtitle', { owner: html`<bdi>${session.ownerName ?? session.owner}</bdi>` })}
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
    if (this.section === 'security' && context.session.secondFactor !== undefined) {
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
