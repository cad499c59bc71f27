import {
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import type { Page } from '../../record.ts';
import { failure } from './blank.ts';
import type { Texts } from './text.ts';

const PAGE = 50;

/** A list that an element loads page by page. */
export class Paged<Item> implements ReactiveController {
  items: readonly Item[] = [];
  status: 'loading' | 'ready' | 'failed' = 'loading';
  problem = '';
  readonly #host: ReactiveControllerHost;
  readonly #read: (page: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>;
  readonly #explain: (error: unknown) => string;
  #cursor: string | undefined;
  /** The number of the latest request. Responses to earlier ones are ignored. */
  #latest = 0;

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

  /** Loads the first page. The current items stay until it has arrived. */
  load(): Promise<void> {
    return this.#next(undefined);
  }

  more(): Promise<void> {
    return this.#next(this.#cursor);
  }

  /** Replaces the items that are shown. */
  replace(items: readonly Item[]): void {
    this.items = items;
    this.#host.requestUpdate();
  }

  async #next(cursor: string | undefined): Promise<void> {
    const request = ++this.#latest;
    this.status = 'loading';
    this.#host.requestUpdate();
    try {
      const page = await this.#read({ limit: PAGE, cursor });
      if (request !== this.#latest) return;
      this.items = cursor === undefined ? page.items : [...this.items, ...page.items];
      this.#cursor = page.cursor;
      this.status = 'ready';
    } catch (error) {
      if (request !== this.#latest) return;
      this.problem = this.#explain(error);
      this.status = 'failed';
    }
    this.#host.requestUpdate();
  }

  /** The message in place of a list that could not be loaded. */
  failure(texts: Texts): TemplateResult {
    return failure(texts, this.problem, () => void this.load());
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
