/**
 * Epoch milliseconds of a `Date`, or of a text as databases return it: `2026-01-31 09:30:00`, in UTC.
 *
 * @throws TypeError if the text is no such time
 */
export function timeOf(time: string | Date | null): number | null {
  if (time === null) return null;
  if (time instanceof Date) return time.getTime();
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time.replace(' ', 'T')}Z`);
  if (Number.isNaN(ms)) throw new TypeError('not a time');
  return ms;
}
