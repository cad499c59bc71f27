import { html, nothing, type TemplateResult } from 'lit';
import type { ActivityEvent, Page } from '../../record.ts';
import { activityDays } from './activity-event.ts';
import {
  type ActivityFilters,
  activityFilterFields,
  NO_FILTERS,
  queryOf,
} from './activity-filters.ts';
import type { ShownKey } from './api.ts';
import { blank } from './blank.ts';
import { icon } from './icons.ts';
import { Paged } from './paged.ts';
import { define, Part } from './part.ts';
import { activity } from './styles/activity.ts';
import { controls } from './styles/controls.ts';
import { notices } from './styles/notices.ts';
import { tokens } from './styles/tokens.ts';

const MAX_KEYS = 100;

/** The activity log. */
class Activity extends Part {
  static override properties = {
    ...Part.properties,
    about: { attribute: false },
    filters: { state: true },
    keys: { state: true },
    actors: { state: true },
  };
  static override styles = [tokens, controls, notices, activity];

  /** The key whose activity is shown initially. */
  declare about: ShownKey | undefined;
  declare private filters: ActivityFilters;
  /** The choices of the filters: names by id. */
  declare private keys: ReadonlyMap<string, string>;
  declare private actors: ReadonlyMap<string, string>;
  readonly #events = new Paged<ActivityEvent>(
    this,
    (page) => this.#read(page),
    (error) => this.explain(error),
  );

  constructor() {
    super();
    this.filters = NO_FILTERS;
    this.keys = new Map();
    this.actors = new Map();
  }

  override connectedCallback(): void {
    const { actor } = this.context.session;
    this.actors = new Map([[actor.id, this.context.people.nameOf(actor)]]);
    this.filters = this.context.address.read('activity', NO_FILTERS);
    if (this.about !== undefined) {
      this.filters = { ...NO_FILTERS, keyId: this.about.id };
      this.keys = new Map([[this.about.id, this.about.name]]);
    }
    super.connectedCallback();
    void this.#loadKeys();
  }

  /** Loads the keys for the filter. If that fails, the log is still shown. */
  async #loadKeys(): Promise<void> {
    try {
      const { items } = await this.context.client.keys({ limit: MAX_KEYS });
      this.keys = new Map([...this.keys, ...items.map(({ id, name }) => [id, name] as const)]);
    } catch {}
  }

  async #read(wanted: { limit: number; cursor: string | undefined }): Promise<Page<ActivityEvent>> {
    const page = await this.context.client.activity({ ...queryOf(this.filters), ...wanted });
    const { people } = this.context;
    people.remember(page.items.map(({ actor }) => actor));
    const found = page.items.map(({ actor }) => [actor.id, people.nameOf(actor)] as const);
    this.actors = new Map([...this.actors, ...found]);
    return page;
  }

  #filter(part: Partial<ActivityFilters>): void {
    this.filters = { ...this.filters, ...part };
    this.context.address.write('activity', this.filters);
    void this.#events.load();
  }

  protected override render(): TemplateResult {
    const { texts } = this.context;
    const { filters, keys, actors } = this;
    return html`<div class="toolbar" role="search" aria-label=${texts.of('activity.filters')}>
        ${activityFilterFields(this.context, filters, { keys, actors }, (part) => this.#filter(part))}
        <div class="exports">${this.#exportLink('csv')} ${this.#exportLink('json')}</div>
      </div>
      <section
        class="panel"
        aria-label=${texts.of('activity.label')}
        aria-busy=${this.#events.status === 'loading'}
      >
        ${this.#content()}
      </section>
      ${
        this.#events.hasMore
          ? html`<div class="end">${this.#events.moreButton(texts.of('activity.more'))}</div>`
          : nothing
      }`;
  }

  #exportLink(format: 'csv' | 'json'): TemplateResult {
    const { texts, client } = this.context;
    return html`<a
      class="button"
      download
      href=${client.exportUrl(format, queryOf(this.filters))}
      aria-label=${texts.of(`activity.${format}.label`)}
    >
      ${icon('download')} ${texts.of(`activity.${format}`)}
    </a>`;
  }

  #content(): TemplateResult {
    const { texts, headingLevel } = this.context;
    const { status, items } = this.#events;
    if (status === 'failed') return this.#events.failure(texts);
    if (items.length > 0) return activityDays(this.context, items, headingLevel + 1);
    if (status === 'loading') {
      return html`<span class="unseen" role="status">${texts.of('loading')}</span>
        <div class="bones">${[1, 2, 3, 4].map(() => html`<span class="bone"></span>`)}</div>`;
    }
    const isFiltered = Object.values(this.filters).some((value) => value !== '');
    const name = isFiltered ? 'noMatch' : 'empty';
    return blank({
      ...{ picture: 'clock', title: texts.of(`activity.${name}.title`) },
      text: texts.of(`activity.${name}.text`),
      action: isFiltered
        ? html`<button type="button" class="button" @click=${() => this.#filter(NO_FILTERS)}>
            ${texts.of('filter.clear')}
          </button>`
        : nothing,
    });
  }
}

define('keywright-activity', Activity);
