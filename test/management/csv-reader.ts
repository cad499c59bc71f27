/**
 * The fields of a CSV file, by the grammar of RFC 4180 §2 and nothing looser: throws on a quote
 * within a bare field, on text after a closing one, and on a line that does not end with CR LF.
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    field.lastIndex = at;
    const match = field.exec(text);
    if (match === null) throw new Error(`no field at ${at}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    at = field.lastIndex;
    if (text[at] === ',') {
      at += 1;
      if (text.startsWith('\r\n', at)) row.push('');
      else continue;
    }
    if (!text.startsWith('\r\n', at)) throw new Error(`the line does not end at ${at}`);
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}
