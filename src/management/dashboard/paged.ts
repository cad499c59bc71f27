import {
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import type { Page } from '../../record.ts';
import { blank } from './blank.ts';
import type { Texts } from './text.ts';

const PAGE = 50;

/** A list that comes page by page, for the element that shows it. */
export class Paged<Item> implements ReactiveController {
  items: readonly Item[] = [];
  status: 'loading' | 'ready' | 'failed' = 'loading';
  problem = '';
  readonly #host: ReactiveControllerHost;
  readonly #read: (page: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>;
  readonly #explain: (error: unknown) => string;
  #cursor: string | undefined;
  /** Of several answers that are under way, the one asked for last counts. */
  #asked = 0;

  constructor(
    host: ReactiveControllerHost,
    read: (page: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>,
    explain: (error: unknown) => string,
  ) {
    this.#host = host;
    this.#read = read;
    this.#explain = explain;
    host.addController(this);
  }

  hostConnected(): void {
    void this.load();
  }

  get hasMore(): boolean {
    return this.#cursor !== undefined && this.status !== 'failed';
  }

  /** Reads the first page; what is shown stays until it is there. */
  load(): Promise<void> {
    return this.#next(undefined);
  }

  more(): Promise<void> {
    return this.#next(this.#cursor);
  }

  /** Puts other items in the place of those that are shown. */
  replace(items: readonly Item[]): void {
    this.items = items;
    this.#host.requestUpdate();
  }

  async #next(cursor: string | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.status = 'loading';
    this.#host.requestUpdate();
    try {
      const page = await this.#read({ limit: PAGE, cursor });
      if (asked !== this.#asked) return;
      this.items = cursor === undefined ? page.items : [...this.items, ...page.items];
      this.#cursor = page.cursor;
      this.status = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem = this.#explain(error);
      this.status = 'failed';
    }
    this.#host.requestUpdate();
  }

  /** What stands in the place of the list when it could not be read. */
  failure(texts: Texts): TemplateResult {
    return blank({
      ...{ picture: 'warning', alert: true, title: texts.of('failed.title') },
      text: this.problem,
      action: html`<button type="button" class="button" @click=${() => this.load()}>
        ${texts.of('retry')}
      </button>`,
    });
  }

  moreButton(text: string): TemplateResult {
    return html`<button
      type="button"
      class="button"
      ?disabled=${this.status === 'loading'}
      @click=${() => this.more()}
    >
      ${text}
    </button>`;
  }
}
