import { html, type TemplateResult } from 'lit';
import type { Texts } from './text.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const UNITS = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
] as const;

export function now(): number {
  return Date.now();
}

type DateStyle = Intl.DateTimeFormatOptions;

const WHOLE: DateStyle = { dateStyle: 'long', timeStyle: 'long' };

// Creating a formatter takes longer than the rest of a row of the list.
const relatives = new Map<string, Intl.RelativeTimeFormat>();
const lengths = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function cached<Format>(formats: Map<string, Format>, name: string, make: () => Format): Format {
  const format = formats.get(name) ?? make();
  formats.set(name, format);
  return format;
}

/** “3 minutes ago”, “in 5 days”, “just now”. */
export function relative(texts: Texts, moment: number): string {
  const distance = moment - now();
  const unit = UNITS.find(([, ms]) => Math.abs(distance) >= ms);
  if (unit === undefined) return texts.of('now');
  const { language } = texts;
  const make = () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const count = Math.trunc(distance / unit[1]);
  return cached(relatives, language, make).format(count, unit[0]);
}

const LENGTHS = [...UNITS, ['second', 1000]] as const;

/** “10 seconds”, “3 minutes”: rounded up, in the largest unit of which there are two or more. */
export function duration({ language }: Texts, ms: number): string {
  const [unit, size] = LENGTHS.find(([, size]) => ms >= 2 * size) ?? ['second', 1000];
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  const make = () => new Intl.NumberFormat(language, style);
  return cached(lengths, `${language},${unit}`, make).format(Math.ceil(ms / size));
}

export function day(texts: Texts, moment: number): string {
  return formatted(texts, moment, { dateStyle: 'medium' });
}

export function clockTime(texts: Texts, moment: number): string {
  return formatted(texts, moment, { timeStyle: 'short' });
}

function formatted({ language }: Texts, moment: number, style: DateStyle): string {
  const name = [language, style.dateStyle, style.timeStyle].join();
  return cached(dates, name, () => new Intl.DateTimeFormat(language, style)).format(moment);
}

/** A moment as `text`, with the full date and time as its tooltip. */
export function timeElement(texts: Texts, moment: number, text: string): TemplateResult {
  const iso = new Date(moment).toISOString();
  return html`<time datetime=${iso} title=${formatted(texts, moment, WHOLE)}>${text}</time>`;
}

/** The first moment of a date field's day, in the time zone of the browser. */
export function startOfDay(date: string): number | undefined {
  const [year = 0, month = 0, dayOfMonth = 0] = date.split('-').map(Number);
  return date === '' ? undefined : new Date(year, month - 1, dayOfMonth).getTime();
}

/** A moment as the value of a date field. */
export function dateValue(moment: number): string {
  const date = new Date(moment);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
