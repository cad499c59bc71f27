import type { Page } from 'keywright';
import { note, progress } from './output.ts';

/** The options of a command that prints pages. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: boolean;
}

/** Reads one page, or with `--all` every page. */
export async function readPages<Item>(
  { limit, cursor, all = false }: PageOptions,
  what: string,
  read: (page: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  if (!all) return read(cursor === undefined ? { limit } : { limit, cursor });
  const items: Item[] = [];
  const counter = progress(what);
  try {
    for (let next: string | undefined; ; ) {
      const page = await read(next === undefined ? { limit: 100 } : { limit: 100, cursor: next });
      items.push(...page.items);
      counter.update(items.length);
      next = page.cursor;
      if (next === undefined) return { items };
    }
  } finally {
    counter.end();
  }
}

/** Prints how to read the next page. */
export function noteCursor({ cursor }: Page<unknown>): void {
  if (cursor !== undefined) note(`There are more: --cursor ${cursor}, or --all`);
}
