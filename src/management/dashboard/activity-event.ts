import { html, nothing, type TemplateResult } from 'lit';
import type { ActivityAction, ActivityEvent, KeyChange } from '../../record.ts';
import { type IconName, icon } from './icons.ts';
import type { People } from './person.ts';
import type { Texts } from './text.ts';
import { clockTime, day, relative, timeElement } from './time.ts';

const PICTURES: Readonly<Record<ActivityAction, readonly [IconName, string]>> = {
  'key.created': ['plus', 'positive'],
  'key.imported': ['plus', 'positive'],
  'key.updated': ['pencil', ''],
  'key.rotated': ['rotate', ''],
  'key.revoked': ['trash', 'negative'],
  'activity.erased': ['eraser', 'caution'],
  'factor.begun': ['shield', ''],
  'factor.enrolled': ['shieldOn', 'positive'],
  'factor.passed': ['shieldOn', ''],
  'factor.failed': ['warning', 'caution'],
  'factor.locked': ['lock', 'negative'],
  'factor.recovered': ['shieldOn', 'caution'],
  'factor.renewed': ['shield', ''],
  'factor.disabled': ['shield', 'caution'],
  'factor.reset': ['shield', 'caution'],
};

/** Events grouped by day, newest first. */
export function activityDays(
  { texts, people }: { readonly texts: Texts; readonly people: People },
  events: readonly ActivityEvent[],
  headingLevel: number,
): TemplateResult {
  const days = Map.groupBy(events, ({ at }) => day(texts, at));
  return html`<div class="days">
    ${[...days].map(
      ([title, ofDay]) => html`<div class="day" role="heading" aria-level=${headingLevel}>
          ${title}
        </div>
        <ol>
          ${ofDay.map((event) => eventItem(texts, people, event))}
        </ol>`,
    )}
  </div>`;
}

function eventItem(texts: Texts, people: People, event: ActivityEvent): TemplateResult {
  const { action, actor, keyName = event.keyId ?? '', at, reason, change, graceEndsAt } = event;
  const [picture, tone] = PICTURES[action] ?? ['info', ''];
  const details = [
    reason === undefined
      ? nothing
      : texts.rich('activity.reason', { reason: html`<bdi>${reason}</bdi>` }),
    ...(change === undefined ? [] : changes(texts, change)),
    graceEndsAt === undefined
      ? nothing
      : texts.of('event.grace', { when: relative(texts, graceEndsAt) }),
  ].filter((detail) => detail !== nothing);
  return html`<li>
    <span class="sign ${tone}">${icon(picture)}</span>
    <div class="what">
      ${texts.rich(`event.${action}`, {
        actor: html`<strong><bdi>${people.nameOf(actor)}</bdi></strong>`,
        key: html`<strong><bdi>${keyName}</bdi></strong>`,
      })}
      ${
        details.length === 0
          ? nothing
          : html`<div class="details">${details.map((detail) => html`<span>${detail}</span>`)}</div>`
      }
    </div>
    <span class="when">${timeElement(texts, at, clockTime(texts, at))}</span>
  </li>`;
}

function changes(texts: Texts, change: KeyChange): unknown[] {
  const { name, scopes, metadata, enabled, expiresAt } = change;
  const value = (text: string) => ({ value: html`<bdi>${text}</bdi>` });
  const found: unknown[] = [];
  if (name !== undefined) found.push(texts.rich('change.name', value(name)));
  if (scopes !== undefined) {
    found.push(
      scopes.length === 0
        ? texts.of('change.scopes.none')
        : texts.rich('change.scopes', value(scopes.join(', '))),
    );
  }
  if (metadata !== undefined) found.push(texts.of('change.metadata'));
  if (enabled !== undefined) found.push(texts.of(enabled ? 'change.enabled' : 'change.disabled'));
  if (expiresAt === null) found.push(texts.of('change.expiresNever'));
  else if (expiresAt !== undefined) {
    found.push(texts.of('change.expires', { when: day(texts, expiresAt) }));
  }
  return found;
}
