import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = Parameters<typeof styleText>[0];

/** No border: aligned columns, on a terminal and in a pipe. */
const NO_BORDER = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Prints a result on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a message that is no result, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Prints rows under their headings. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const headings = head.map((text) => paint('bold', text.toUpperCase()));
  print(columns([headings, ...rows]));
}

/** Formats names and values, one pair per line. */
export function details(pairs: readonly (readonly [string, string])[]): string {
  return columns(pairs.map(([name, value]) => [`${name}:`, value]));
}

function columns(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_BORDER,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Colours text for standard output, only on a terminal and unless `NO_COLOR` is set. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Replaces characters of untrusted text that could move the cursor or change the text direction. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Formats a time: `2026-01-31T09:30:00Z`. */
export function timeText(ms: number | undefined): string {
  return ms === undefined ? '-' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A counter in one line of the terminal, which is cleared at the end. */
export interface Progress {
  update(count: number): void;
  end(): void;
}

/** @param what what is counted, such as `keys read` */
export function progress(what: string): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return { update() {}, end() {} };
  const wipe = '\r\u001b[K';
  return {
    update: (count) => void stderr.write(`${wipe}${count} ${what}`),
    end: () => void stderr.write(wipe),
  };
}
