import { html, type TemplateResult } from 'lit';
import type { Texts } from './text.ts';
import { DAY_MS, dateValue, day, now, startOfDay } from './time.ts';

const DAYS = [7, 30, 90, 365] as const;

/** The chosen expiry: a number of days from now, a date, never, or unchanged. */
export interface Expiry {
  readonly choice: string;
  readonly date: string;
}

export const NEVER: Expiry = { choice: 'never', date: '' };
/** The choice closest to a number of milliseconds from now, in whole days. */
export function inDays(ms: number): Expiry {
  return { choice: String(Math.max(1, Math.round(ms / DAY_MS))), date: '' };
}

export const AS_IT_IS: Expiry = { choice: 'keep', date: '' };

/** The chosen moment; `null` for never, `undefined` for no change, `NaN` for an invalid date. */
export function momentOf({ choice, date }: Expiry): number | null | undefined {
  if (choice === 'keep') return undefined;
  if (choice === 'never') return null;
  if (choice !== 'date') return now() + Number(choice) * DAY_MS;
  const moment = startOfDay(date) ?? Number.NaN;
  return moment > now() ? moment : Number.NaN;
}

/** The fields to choose an expiry. */
export function expiryField(
  texts: Texts,
  expiry: Expiry,
  options: {
    readonly problem: boolean;
    /** The current expiry of an existing key. */
    readonly kept?: number | null;
    change(expiry: Expiry): void;
  },
): TemplateResult {
  const { problem, kept, change } = options;
  const option = (value: string, text: string) =>
    html`<option value=${value} ?selected=${value === expiry.choice}>${text}</option>`;
  const choices = [...new Set([...DAYS, Number(expiry.choice) || DAYS[0]])].sort((a, b) => a - b);
  const choose = (event: Event) =>
    change({ ...expiry, choice: (event.target as HTMLSelectElement).value });
  const keptText = kept == null ? texts.of('expiry.never') : day(texts, kept);
  return html`<div class="pair">
    <div class="field">
      <label for="expiry">${texts.of('create.expiry')}</label>
      <select id="expiry" @change=${choose}>
        ${kept === undefined ? '' : option('keep', texts.of('expiry.keep', { when: keptText }))}
        ${kept === null ? '' : option('never', texts.of('expiry.never'))}
        ${choices.map((days) => option(String(days), texts.count('expiry.days', days)))}
        ${option('date', texts.of('expiry.custom'))}
      </select>
    </div>
    <div class="field" ?hidden=${expiry.choice !== 'date'}>
      <label for="date">${texts.of('expiry.date')}</label>
      <input
        id="date"
        type="date"
        min=${dateValue(now() + DAY_MS)}
        .value=${expiry.date}
        aria-invalid=${problem}
        aria-describedby="date-problem"
        @change=${(event: Event) =>
          change({ ...expiry, date: (event.target as HTMLInputElement).value })}
      />
      <span class="problem" id="date-problem">${problem ? texts.of('invalid.date') : ''}</span>
    </div>
  </div>`;
}
