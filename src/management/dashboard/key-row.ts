import { html, nothing, type TemplateResult } from 'lit';
import type { KeyState } from '../../record.ts';
import type { ShownKey } from './api.ts';
import { type IconName, icon } from './icons.ts';
import type { People } from './person.ts';
import { isolated, type TextName, type Texts } from './text.ts';
import { DAY_MS, day, now, relative, timeElement } from './time.ts';

/** A key that expires within this time is marked, and matches the filter. */
export const SOON_MS = 14 * DAY_MS;
/** So is a key that has not been used for this time. */
export const STALE_MS = 90 * DAY_MS;

export type RowAction = 'edit' | 'rotate' | 'retire' | 'revoke' | 'history';

/** What a row needs to render a key and its actions. */
export interface RowOptions {
  readonly texts: Texts;
  readonly people: People;
  readonly isFresh: boolean;
  may(action: string): boolean;
  act(action: RowAction, item: ShownKey): void;
}

const TONES: Readonly<Record<KeyState, string>> = {
  active: 'positive',
  disabled: '',
  expired: 'caution',
  revoked: 'negative',
};

const ACTIONS: readonly {
  readonly action: Exclude<RowAction, 'retire'>;
  readonly picture: IconName;
  /** The action that the session must be allowed to perform. */
  readonly needs: string;
  readonly states: readonly KeyState[];
}[] = [
  { action: 'history', picture: 'clock', needs: 'read', states: [] },
  { action: 'edit', picture: 'pencil', needs: 'update', states: ['active', 'disabled', 'expired'] },
  { action: 'rotate', picture: 'rotate', needs: 'rotate', states: ['active', 'disabled'] },
  {
    action: 'revoke',
    picture: 'trash',
    needs: 'revoke',
    states: ['active', 'disabled', 'expired'],
  },
];

/** A key in the list. */
export function keyRow(item: ShownKey, options: RowOptions): TemplateResult {
  const { texts, people, isFresh } = options;
  const { state, createdAt, createdBy, lastUsedAt, expiresAt } = item;
  const isOver = state === 'revoked' || state === 'expired';
  const caption = (name: TextName) =>
    html`<span class="caption" aria-hidden="true">${texts.of(name)}</span>`;
  const moment = (at: number | undefined, text: string) =>
    at === undefined
      ? html`<span class="muted">${texts.of('list.never')}</span>`
      : timeElement(texts, at, text);
  return html`<tr role="row" class="${isOver ? 'over' : ''} ${isFresh ? 'fresh' : ''}">
    <td role="rowheader" class="first">
      <div class="name"><bdi>${item.name}</bdi>${marks(item, options)}</div>
      <div class="under">
        <span class="mono">${texts.of('list.hint', { hint: item.hint })}</span>
        ${
          item.scopes.length === 0
            ? nothing
            : html`<span title=${item.scopes.join(', ')}>
              ${texts.count('mark.scopes', item.scopes.length)}
            </span>`
        }
      </div>
    </td>
    <td role="cell" class="environment">
      <span class="badge mono">${item.environment}</span>
    </td>
    <td role="cell" class="fact">
      ${caption('list.created')}${timeElement(texts, createdAt, day(texts, createdAt))}
      <div class="dim">
        ${texts.rich('list.by', { actor: html`<bdi>${people.nameOf(createdBy)}</bdi>` })}
      </div>
    </td>
    <td role="cell" class="fact">
      ${caption('list.used')}${moment(lastUsedAt, relative(texts, lastUsedAt ?? 0))}
    </td>
    <td role="cell" class="fact">
      ${caption('list.expires')}${moment(expiresAt, day(texts, expiresAt ?? 0))}
    </td>
    <td role="cell" class="state">
      <span class="badge dot ${TONES[state]}">${texts.of(`state.${state}`)}</span>
    </td>
    <td role="cell" class="actions">
      ${ACTIONS.map((action) => actionButton(item, action, options))}
    </td>
  </tr>`;
}

function actionButton(
  item: ShownKey,
  { action, picture, needs, states }: (typeof ACTIONS)[number],
  { texts, may, act }: RowOptions,
): TemplateResult | typeof nothing {
  const isRotated = action === 'rotate' && item.replacedBy !== undefined;
  const fits = states.length === 0 || states.includes(item.state);
  if (!fits || isRotated || !may(needs)) return nothing;
  const label = texts.of(`action.${action}`, { name: isolated(item.name) });
  return html`<button
    type="button"
    class="button icon-only ${action === 'revoke' ? 'warns' : ''}"
    data-action=${action}
    aria-label=${label}
    title=${label}
    @click=${() => act(action, item)}
  >
    ${icon(picture)}
  </button>`;
}

function marks(item: ShownKey, { texts, may, act }: RowOptions): TemplateResult[] {
  const { state, expiresAt, replacedBy, lastUsedAt, createdAt } = item;
  if (state !== 'active' && state !== 'disabled') return [];
  const found: TemplateResult[] = [];
  if (replacedBy !== undefined) {
    const finish = texts.of('action.finish', { name: isolated(item.name) });
    // The accessible name must contain the visible text: WCAG 2.2, 2.5.3.
    const label = `${texts.of('mark.replaced')}: ${finish}`;
    found.push(
      may('revoke')
        ? html`<button
            type="button"
            class="badge mark caution"
            data-action="retire"
            aria-label=${label}
            title=${label}
            @click=${() => act('retire', item)}
          >
            ${texts.of('mark.replaced')}
          </button>`
        : html`<span class="badge mark caution">${texts.of('mark.replaced')}</span>`,
    );
  }
  if (expiresAt !== undefined && expiresAt - now() < SOON_MS) {
    const when = relative(texts, expiresAt);
    found.push(
      html`<span class="badge mark caution">${texts.of('mark.expiring', { when })}</span>`,
    );
  }
  const idle = now() - (lastUsedAt ?? createdAt);
  if (idle > STALE_MS) {
    const count = Math.floor(idle / DAY_MS).toLocaleString(texts.language);
    found.push(html`<span class="badge mark">${texts.of('mark.stale', { count })}</span>`);
  }
  return found;
}
