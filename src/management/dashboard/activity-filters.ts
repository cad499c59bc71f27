import { html, type TemplateResult } from 'lit';
import type { ActivityAction } from '../../record.ts';
import { TEXTS } from '../texts/texts.ts';
import type { ActivityQuery } from './api.ts';
import type { Context } from './part.ts';
import { startOfDay } from './time.ts';

const PREFIX = 'filter.action.';

/** The actions that have a name in the filter. */
const ACTIONS = Object.keys(TEXTS)
  .filter((name) => name.startsWith(PREFIX))
  .map((name) => name.slice(PREFIX.length) as ActivityAction);

/** The filters of the log. An empty string filters nothing. Dates are in the browser's time zone. */
export type ActivityFilters = {
  readonly action: ActivityAction | '';
  readonly keyId: string;
  readonly actorId: string;
  readonly from: string;
  readonly to: string;
};

export const NO_FILTERS: ActivityFilters = { action: '', keyId: '', actorId: '', from: '', to: '' };

export function queryOf({ action, keyId, actorId, from, to }: ActivityFilters): ActivityQuery {
  const last = to === '' ? undefined : new Date(startOfDay(to) ?? 0);
  // The last day is included. Use the calendar, because not every day has 24 hours.
  last?.setDate(last.getDate() + 1);
  return {
    action: action || undefined,
    keyId: keyId || undefined,
    actorId: actorId || undefined,
    from: startOfDay(from),
    to: last?.getTime(),
  };
}

/** The names of the choices, by id. */
export type Choices = ReadonlyMap<string, string>;

export function activityFilterFields(
  { texts, session }: Pick<Context, 'texts' | 'session'>,
  filters: ActivityFilters,
  { keys, actors }: { readonly keys: Choices; readonly actors: Choices },
  change: (part: Partial<ActivityFilters>) => void,
): TemplateResult {
  const set = (name: keyof ActivityFilters) => (event: Event) =>
    change({ [name]: (event.target as HTMLInputElement).value });
  const select = (
    name: 'action' | 'keyId' | 'actorId',
    label: 'action' | 'key' | 'actor',
    choices: Choices,
  ) => html`<div class="field">
    <label for=${name}>${texts.of(`activity.${label}`)}</label>
    <select id=${name} @change=${set(name)}>
      <option value="" ?selected=${filters[name] === ''}>${texts.of(`activity.${label}.all`)}</option>
      ${[...choices].map(
        ([id, text]) =>
          html`<option value=${id} ?selected=${id === filters[name]}>${text}</option>`,
      )}
    </select>
  </div>`;
  const date = (name: 'from' | 'to') => html`<div class="field">
    <label for=${name}>${texts.of(`activity.${name}`)}</label>
    <input id=${name} type="date" .value=${filters[name]} @change=${set(name)} />
  </div>`;
  const offered = ACTIONS.filter(
    (action) => session.secondFactor !== undefined || !action.startsWith('factor.'),
  );
  const actions = new Map(offered.map((action) => [action, texts.of(`filter.action.${action}`)]));
  return html`${select('action', 'action', actions)} ${select('keyId', 'key', keys)}
  ${select('actorId', 'actor', actors)} ${date('from')} ${date('to')}`;
}
