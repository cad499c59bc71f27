import { html, type TemplateResult } from 'lit';
import type { KeyState } from '../../record.ts';
import type { KeyQuery, SessionInfo } from './client.ts';
import { icon } from './icons.ts';
import { SOON_MS, STALE_MS } from './key-row.ts';
import type { TextName, Texts } from './text.ts';
import { now } from './time.ts';

const STATES: readonly KeyState[] = ['active', 'disabled', 'expired', 'revoked'];

/** What the list is narrowed to; empty texts narrow nothing. */
export interface Filters {
  readonly text: string;
  readonly environment: string;
  readonly state: KeyState | '';
  readonly expiring: boolean;
  readonly stale: boolean;
}

export const NO_FILTERS: Filters = {
  text: '',
  environment: '',
  state: '',
  expiring: false,
  stale: false,
};

export function queryOf({ text, environment, state, expiring, stale }: Filters): KeyQuery {
  // Keys that are over can neither expire soon nor be forgotten.
  const living = expiring || stale ? 'active' : undefined;
  return {
    text: text.trim() || undefined,
    environment: environment || undefined,
    state: state || living,
    expiresBefore: expiring ? now() + SOON_MS : undefined,
    unusedSince: stale ? now() - STALE_MS : undefined,
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(queryOf(filters)).some((value) => value !== undefined);
}

export function filterBar(
  texts: Texts,
  session: SessionInfo,
  filters: Filters,
  change: (part: Partial<Filters>) => void,
): TemplateResult {
  const value = ({ target }: Event) => (target as HTMLInputElement).value;
  const option = (given: string, chosen: string, text: string) =>
    html`<option value=${given} ?selected=${given === chosen}>${text}</option>`;
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
        maxlength="100"
        aria-label=${texts.of('filter.search')}
        placeholder=${texts.of('filter.search')}
        .value=${filters.text}
        @input=${(event: Event) => change({ text: value(event) })}
      />
    </div>
    <select
      aria-label=${texts.of('filter.environment')}
      @change=${(event: Event) => change({ environment: value(event) })}
    >
      ${option('', filters.environment, texts.of('filter.environment.all'))}
      ${session.environments.map((name) => option(name, filters.environment, name))}
    </select>
    <select
      aria-label=${texts.of('filter.state')}
      @change=${(event: Event) => change({ state: value(event) as KeyState | '' })}
    >
      ${option('', filters.state, texts.of('filter.state.all'))}
      ${STATES.map((name) => option(name, filters.state, texts.of(`state.${name}`)))}
    </select>
    ${chip('expiring')} ${chip('stale')}
  </div>`;
}
