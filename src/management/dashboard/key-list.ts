import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { blank } from './blank.ts';
import type { IssuedKey, ShownKey } from './client.ts';
import type { Rotation } from './dialogs/rotate.ts';
import { dialogOf, type ListDialog } from './key-dialogs.ts';
import { type Filters, filterBar, isFiltered, NO_FILTERS, queryOf } from './key-filters.ts';
import { keyRow, type RowAction } from './key-row.ts';
import { Paged } from './paged.ts';
import { define, Part } from './part.ts';
import { controls } from './styles/controls.ts';
import { list } from './styles/list.ts';
import { notices } from './styles/notices.ts';
import { tokens } from './styles/tokens.ts';

const TYPING_MS = 250;

/** The list of keys. Sends `history` with a key whose activity is asked for. */
export class KeyList extends Part {
  static override properties = {
    ...Part.properties,
    filters: { state: true },
    dialog: { state: true },
  };
  static override styles = [tokens, controls, notices, list];

  declare private filters: Filters;
  declare private dialog: ListDialog | undefined;
  readonly #keys = new Paged<ShownKey>(
    this,
    (page) => this.context.client.keys({ ...queryOf(this.filters), ...page }),
    (error) => this.explain(error),
  );
  #typing: ReturnType<typeof setTimeout> | undefined;
  #fresh: string | undefined;

  constructor() {
    super();
    this.filters = NO_FILTERS;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  /** A dialog gives the focus back to its button, which may have gone with what the dialog has done. */
  protected override updated(changed: PropertyValues): void {
    const hasClosed = changed.has('dialog') && this.dialog === undefined;
    if (!hasClosed || document.activeElement !== document.body) return;
    this.renderRoot.querySelector<HTMLElement>('.panel')?.focus();
  }

  /** Opens the dialog for a new key. */
  create(): void {
    this.dialog = { kind: 'create', known: this.#keys.items };
  }

  #filter(part: Partial<Filters>): void {
    this.filters = { ...this.filters, ...part };
    clearTimeout(this.#typing);
    if ('text' in part) this.#typing = setTimeout(() => void this.#keys.load(), TYPING_MS);
    else void this.#keys.load();
  }

  #act(action: RowAction, item: ShownKey): void {
    if (action === 'history') this.dispatchEvent(new CustomEvent('history', { detail: item }));
    else this.dialog = { kind: action, item };
  }

  #put(changed: ShownKey): void {
    const { items } = this.#keys;
    this.#keys.replace(items.map((item) => (item.id === changed.id ? changed : item)));
  }

  #issued(issued: IssuedKey, next?: ShownKey): void {
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
    const isBare = status === 'ready' && items.length === 0 && !isFiltered(this.filters);
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
        changed: (key) => (key === undefined ? void this.#keys.load() : this.#put(key)),
        issued: (issued) => this.#issued(issued),
        rotated: (rotation) => this.#rotated(rotation),
      })}`;
  }

  #content(): TemplateResult | readonly TemplateResult[] {
    const { texts } = this.context;
    const { status, items } = this.#keys;
    if (status === 'failed') return this.#keys.failure(texts);
    if (items.length > 0) return this.#table(items);
    if (status === 'loading') return this.#skeleton();
    if (isFiltered(this.filters)) {
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
        ${items.map((item) =>
          keyRow(item, {
            texts,
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
    const { texts } = this.context;
    const { status, items, hasMore } = this.#keys;
    if (items.length === 0 || status === 'failed') return nothing;
    return html`<div class="end">
      <span class="dim" role="status">${texts.count('list.shown', items.length)}</span>
      ${hasMore ? this.#keys.moreButton(texts.of('list.more')) : nothing}
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
