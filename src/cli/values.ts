import { InvalidArgumentError } from 'commander';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Converts `90s`, `30m`, `12h` or `7d` to milliseconds. */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count === undefined)
    throw new InvalidArgumentError('Write a duration as 90s, 30m, 12h or 7d.');
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** Whether {@link instant} can parse the text. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}

/** Converts a date (midnight in UTC), or a date and time with a zone, to epoch milliseconds. */
export function instant(text: string): number {
  if (!isInstant(text)) {
    throw new InvalidArgumentError('Write a time as 2026-01-31 or 2026-01-31T09:30:00Z.');
  }
  return Date.parse(text);
}

/** As {@link instant}, with `null` for `never`. */
export function instantOrNever(text: string): number | null {
  return text === 'never' ? null : instant(text);
}

/** Splits words at commas. */
export function wordList(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Parses a whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('Write a whole number from 1 on.');
  return Number(text);
}

/** Parses a TCP port; 0 is any free port. */
export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('Write a port from 0 to 65535.');
  }
  return Number(text);
}

/** Parses a JSON object. */
export function jsonObject(text: string): Record<string, never> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, never>;
    }
  } catch {
    // Rejected below, like JSON that is no object.
  }
  throw new InvalidArgumentError('Write a JSON object, such as \'{"team":"billing"}\'.');
}
