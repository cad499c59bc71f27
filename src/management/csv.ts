/**
 * One line of a CSV file, RFC 4180: fields are quoted where they hold a comma, a quote or a line
 * break, quotes are doubled, and the line ends with CR LF.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV
 * Injection"): names and reasons are whatever somebody typed.
 */
export function csvLine(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map(fieldOf).join(',')}\r\n`;
}

// Full-width signs count too: some spreadsheets fold them. So does white space before a sign.
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

function fieldOf(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
