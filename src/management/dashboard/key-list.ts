import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { IssuedKey, ShownKey } from './api.ts';
import { blank, failure } from './blank.ts';
import type { Rotation } from './dialogs/rotate.ts';
import { FullList } from './full-list.ts';
import { dialogOf, type ListDialog } from './key-dialogs.ts';
import { type Filters, filterBar, filteredKeys, NO_FILTERS } from './key-filters.ts';
import { keyRow, type RowAction } from './key-row.ts';
import { News } from './news.ts';
import { define, Part } from './part.ts';
import { controls } from './styles/controls.ts';
import { list } from './styles/list.ts';
import { notices } from './styles/notices.ts';
import { tokens } from './styles/tokens.ts';
import { duration } from './time.ts';

const ROWS = 100;

/** The list of keys. Dispatches `history` with the key whose activity the person wants to see. */
export class KeyList extends Part {
  static override properties = {
    ...Part.properties,
    filters: { state: true },
    dialog: { state: true },
    limit: { state: true },
  };
  static override styles = [tokens, controls, notices, list];

  declare private filters: Filters;
  declare private dialog: ListDialog | undefined;
  /** How many rows are rendered. Scrolling to the end renders more. */
  declare private limit: number;
  readonly #keys = new FullList<ShownKey>(this, async (wanted) => {
    const page = await this.context.client.keys(wanted);
    this.context.people.remember(page.items.map(({ createdBy }) => createdBy));
    return page;
  });
  readonly #news = new News(this, () => {
    // The list must not change while a dialog is open.
    if (this.dialog === undefined) void this.#keys.load();
  });
  readonly #scrolled = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) this.limit += ROWS;
  });
  #fresh: string | undefined;

  constructor() {
    super();
    this.limit = ROWS;
  }

  override connectedCallback(): void {
    this.filters = this.context.address.read('keys', NO_FILTERS);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scrolled.disconnect();
  }

  /** Restores the focus after a dialog whose button is no longer there. */
  protected override updated(changed: PropertyValues): void {
    this.#scrolled.disconnect();
    const end = this.renderRoot.querySelector('.more');
    if (end !== null) this.#scrolled.observe(end);
    const hasClosed = changed.has('dialog') && this.dialog === undefined;
    if (!hasClosed || document.activeElement !== document.body) return;
    this.renderRoot.querySelector<HTMLElement>('.panel')?.focus();
  }

  /** Opens the dialog for a new key. */
  create(): void {
    this.dialog = { kind: 'create', known: this.#keys.items };
  }

  #filter(part: Partial<Filters>): void {
    this.filters = { ...this.filters, ...part, ...this.#withoutToken(part) };
    this.limit = ROWS;
    this.context.address.write('keys', this.filters);
  }

  /** Replaces a token pasted into the search with the hint of its key, so that it is kept nowhere. */
  #withoutToken({ text = '' }: Partial<Filters>): Partial<Filters> {
    const { session, texts } = this.context;
    const [token] = new RegExp(session.tokenPattern).exec(text) ?? [];
    if (token === undefined) return {};
    this.context.announce(texts.of('filter.token'));
    return { text: this.#keys.items.find(({ hint }) => token.startsWith(hint))?.hint ?? '' };
  }

  #act(action: RowAction, item: ShownKey): void {
    if (action === 'history') this.dispatchEvent(new CustomEvent('history', { detail: item }));
    else this.dialog = { kind: action, item };
  }

  #put(changed: ShownKey): void {
    const { items } = this.#keys;
    this.#news.notifyTabs();
    this.#keys.replace(items.map((item) => (item.id === changed.id ? changed : item)));
  }

  #issued(issued: IssuedKey, next?: ShownKey): void {
    this.#news.notifyTabs();
    this.#keys.replace([issued.record, ...this.#keys.items]);
    this.dialog = { kind: 'reveal', issued, ...(next === undefined ? {} : { next }) };
  }

  #rotated({ issued, replaced, ends }: Rotation): void {
    this.#put(replaced);
    this.#issued(issued, ends ? undefined : replaced);
  }

  #closed(): void {
    const { dialog } = this;
    if (dialog?.kind === 'reveal') this.#fresh = dialog.issued.record.id;
    const next = dialog?.kind === 'reveal' ? dialog.next : undefined;
    this.dialog = next === undefined ? undefined : { kind: 'retire', item: next };
  }

  protected override render(): TemplateResult {
    const { texts, session } = this.context;
    const { status, items } = this.#keys;
    const isBare = status === 'ready' && items.length === 0;
    return html`${
      isBare ? nothing : filterBar(texts, session, this.filters, (part) => this.#filter(part))
    }
      <div
        class="panel"
        role="region"
        aria-label=${texts.of('list.label')}
        tabindex="-1"
        aria-busy=${status === 'loading'}>${this.#content()}</div>
      ${this.#end()}
      ${dialogOf(this.dialog, this.context, {
        closed: () => this.#closed(),
        changed: (key) => (key === undefined ? this.#reload() : this.#put(key)),
        issued: (issued) => this.#issued(issued),
        rotated: (rotation) => this.#rotated(rotation),
      })}`;
  }

  #reload(): void {
    this.#news.notifyTabs();
    void this.#keys.load();
  }

  #content(): TemplateResult | readonly TemplateResult[] {
    const { texts } = this.context;
    const { status, items, problem } = this.#keys;
    if (status === 'failed') {
      return failure(texts, this.explain(problem), () => void this.#keys.load());
    }
    const chosen = filteredKeys(items, this.filters, texts);
    if (chosen.length > 0) return this.#table(chosen.slice(0, this.limit));
    if (status === 'loading') return this.#skeleton();
    if (items.length > 0) {
      return blank({
        ...{ picture: 'search', title: texts.of('list.noMatch.title') },
        text: texts.of('list.noMatch.text'),
        action: html`<button
          type="button"
          class="button"
          @click=${() => this.#filter({ ...NO_FILTERS })}
        >
          ${texts.of('filter.clear')}
        </button>`,
      });
    }
    return blank({
      ...{ picture: 'key', title: texts.of('list.empty.title') },
      text: texts.of('list.empty.text'),
      action: this.may('create')
        ? html`<button type="button" class="button main" @click=${() => this.create()}>
            ${texts.of('action.create')}
          </button>`
        : nothing,
    });
  }

  #table(items: readonly ShownKey[]): TemplateResult {
    const { texts } = this.context;
    const columns = ['name', 'environment', 'created', 'used', 'expires', 'state'] as const;
    return html`<table role="table" aria-label=${texts.of('list.label')}>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((name) => html`<th role="columnheader">${texts.of(`list.${name}`)}</th>`)}
          <th role="columnheader"><span class="unseen">${texts.of('list.actions')}</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${repeat(
          // By id: the focused button must not become the button of another key.
          items,
          ({ id }) => id,
          (item) =>
            keyRow(item, {
              texts,
              people: this.context.people,
              isFresh: item.id === this.#fresh,
              may: (action) => this.may(action),
              act: (action, key) => this.#act(action, key),
            }),
        )}
      </tbody>
    </table>`;
  }

  #skeleton(): TemplateResult {
    const bone = html`<span class="bone"></span>`;
    const row = html`<tr>
      <td class="first">${bone}<span class="bone short"></span></td>
      ${[1, 2, 3, 4, 5].map(() => html`<td>${bone}</td>`)}
    </tr>`;
    return html`<span class="unseen" role="status">${this.context.texts.of('loading')}</span>
      <table aria-hidden="true">
        <tbody>
          ${[1, 2, 3, 4].map(() => row)}
        </tbody>
      </table>`;
  }

  #end(): TemplateResult | typeof nothing {
    const { texts, session } = this.context;
    const { status, items } = this.#keys;
    if (items.length === 0 || status === 'failed') return nothing;
    const found = filteredKeys(items, this.filters, texts).length;
    const total = texts.count('list.total', items.length);
    const part = found.toLocaleString(texts.language);
    const late = duration(texts, session.usageFlushMs);
    return html`${
      found > this.limit
        ? html`<div class="end more">
          <button type="button" class="button" @click=${() => (this.limit += ROWS)}>
            ${texts.of('list.more')}
          </button>
        </div>`
        : nothing
    }
      <div class="end">
        <span class="dim">
          <span role="status"
            >${found === items.length ? total : texts.of('list.part', { part, total })}</span
          >
          · ${texts.of('list.late', { late })}
        </span>
        ${
          this.may('revoke')
            ? html`<button
              type="button"
              class="button quiet warns"
              @click=${() => (this.dialog = { kind: 'revoke-all' })}
            >
              ${texts.of('action.revokeAll')}
            </button>`
            : nothing
        }
      </div>`;
  }
}

define('keywright-key-list', KeyList);
