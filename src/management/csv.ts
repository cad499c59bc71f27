import { stringify } from 'csv-stringify/sync';

type Field = string | number | undefined;

/** Marks the file as UTF-8: without it, Excel reads it in the code page of the machine. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** The start of a cell in some reader, white space or quotes, and the sign that starts a formula. */
const FORMULA = /(^|[;\t\r\n])((?:[^\S\t\r\n]|")*[=+\-@＝＋－＠])/gu;

/** Formats rows of a CSV file, RFC 4180: each ends with CR LF. */
export function csvRows(rows: readonly (readonly Field[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: '\r\n', quote_record_delimiter: true, cast: { string: withoutFormulas } },
  );
}

/**
 * Puts an apostrophe before each sign that a spreadsheet would read as the start of a formula (OWASP,
 * "CSV Injection"). Excel separates fields by semicolons or tabs in many languages, so it may find
 * several cells within one of ours. Full-width signs count too: some spreadsheets fold them.
 */
function withoutFormulas(text: string): string {
  const defused = text.replace(FORMULA, "$1'$2");
  return /^[\t\r\n]/.test(defused) ? `'${defused}` : defused;
}
