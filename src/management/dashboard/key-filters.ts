import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { KEY_STATES } from '../../record.ts';
import type { SessionInfo, ShownKey } from './api.ts';
import { icon } from './icons.ts';
import { SOON_MS, STALE_MS } from './key-row.ts';
import type { TextName, Texts } from './text.ts';
import { now } from './time.ts';

const SORTS = ['created', 'name', 'used', 'expires'] as const;

/** The filters and the order of the list. An empty string is the default. */
export type Filters = {
  readonly text: string;
  readonly environment: string;
  /** A state, or `any`. Empty: all states but revoked. */
  readonly state: string;
  readonly expiring: boolean;
  readonly stale: boolean;
  /** One of {@link SORTS}. Empty: newest first. */
  readonly sort: string;
};

export const NO_FILTERS: Filters = {
  ...{ text: '', environment: '', state: '', sort: '' },
  ...{ expiring: false, stale: false },
};

/** The keys that match the filters, sorted. */
export function filteredKeys(
  keys: readonly ShownKey[],
  filters: Filters,
  texts: Texts,
): ShownKey[] {
  const sought = texts.fold(filters.text.trim());
  return keys
    .filter((key) => passes(key, filters) && isFound(key, sought, texts))
    .sort(orderOf(filters.sort, texts));
}

function passes(key: ShownKey, { environment, state, expiring, stale }: Filters): boolean {
  const { expiresAt, lastUsedAt, createdAt } = key;
  if (environment !== '' && key.environment !== environment) return false;
  if (state === '' ? key.state === 'revoked' : state !== 'any' && key.state !== state) return false;
  // Only an active key can expire soon or be stale.
  if ((expiring || stale) && key.state !== 'active') return false;
  if (expiring && !(expiresAt !== undefined && expiresAt - now() < SOON_MS)) return false;
  return !stale || now() - (lastUsedAt ?? createdAt) > STALE_MS;
}

function isFound({ name, hint }: ShownKey, sought: string, texts: Texts): boolean {
  return sought === '' || [name, hint].some((text) => texts.fold(text).includes(sought));
}

function orderOf(sort: string, texts: Texts): (a: ShownKey, b: ShownKey) => number {
  const { compare } = new Intl.Collator(texts.language, { numeric: true });
  if (sort === 'name') return (a, b) => compare(a.name, b.name);
  if (sort === 'used') return (a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0);
  if (sort === 'expires') {
    const end = ({ expiresAt = Number.MAX_SAFE_INTEGER }: ShownKey) => expiresAt;
    return (a, b) => end(a) - end(b);
  }
  return (a, b) => b.createdAt - a.createdAt;
}

export function filterBar(
  texts: Texts,
  session: SessionInfo,
  filters: Filters,
  change: (part: Partial<Filters>) => void,
): TemplateResult {
  const value = ({ target }: Event) => (target as HTMLInputElement).value;
  const select = (
    name: 'environment' | 'state' | 'sort',
    choices: readonly (readonly [string, string])[],
  ) => html`<select
    aria-label=${texts.of(`filter.${name}`)}
    @change=${(event: Event) => change({ [name]: value(event) })}
  >
    ${choices.map(
      ([given, text]) =>
        html`<option value=${given} ?selected=${given === filters[name]}>${text}</option>`,
    )}
  </select>`;
  const chip = (name: 'expiring' | 'stale') => html`<button
    type="button"
    class="button chip"
    aria-pressed=${filters[name]}
    @click=${() => change({ [name]: !filters[name] })}
  >
    ${texts.of(`filter.${name}` satisfies TextName)}
  </button>`;
  return html`<div class="toolbar" role="search">
    <div class="search">
      ${icon('search')}
      <input
        type="search"
        maxlength="200"
        autocomplete="off"
        spellcheck="false"
        aria-label=${texts.of('filter.search')}
        placeholder=${texts.of('filter.search')}
        .value=${live(filters.text)}
        @input=${(event: Event) => change({ text: value(event) })}
      />
    </div>
    ${select('environment', [
      ['', texts.of('filter.environment.all')],
      ...session.environments.map((name) => [name, name] as const),
    ])}
    ${select('state', [
      ['', texts.of('filter.state.living')],
      ...KEY_STATES.map((name) => [name, texts.of(`state.${name}`)] as const),
      ['any', texts.of('filter.state.all')],
    ])}
    ${chip('expiring')} ${chip('stale')}
    ${select(
      'sort',
      SORTS.map((name) => [name === 'created' ? '' : name, texts.of(`sort.${name}`)] as const),
    )}
  </div>`;
}
