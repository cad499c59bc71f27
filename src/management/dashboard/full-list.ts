import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { MAX_PAGE } from '../../limits.ts';
import type { Page } from '../../record.ts';

/** A list that is loaded to its end, page by page, so that all of it can be counted, sorted and searched. */
export class FullList<Item> implements ReactiveController {
  items: readonly Item[] = [];
  status: 'loading' | 'ready' | 'failed' = 'loading';
  problem: unknown;
  readonly #host: ReactiveControllerHost;
  readonly #read: (page: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>;
  /** The number of the latest load. Pages of earlier ones are ignored. */
  #latest = 0;

  constructor(
    host: ReactiveControllerHost,
    read: (page: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>,
  ) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {
    void this.load();
  }

  hostDisconnected(): void {
    this.#latest++;
  }

  /** Replaces the items that are shown. */
  replace(items: readonly Item[]): void {
    this.items = items;
    this.#host.requestUpdate();
  }

  /** Loads the list. The first load shows each page as it arrives; later ones show the result at the end. */
  async load(): Promise<void> {
    const current = ++this.#latest;
    const isFirst = this.items.length === 0;
    this.status = 'loading';
    this.#host.requestUpdate();
    let found: readonly Item[] = [];
    let cursor: string | undefined;
    try {
      do {
        const page = await this.#read({ limit: MAX_PAGE, cursor });
        if (current !== this.#latest) return;
        found = [...found, ...page.items];
        cursor = page.cursor;
        if (isFirst || cursor === undefined) this.replace(found);
      } while (cursor !== undefined);
      this.status = 'ready';
    } catch (error) {
      if (current !== this.#latest) return;
      this.problem = error;
      this.status = 'failed';
    }
    this.#host.requestUpdate();
  }
}
