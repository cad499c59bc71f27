import type { Page } from '../record.ts';

/** Returns the first items that pass, and a cursor if another passes after them. */
export function pageOf<Item>(
  items: Iterable<Item>,
  passes: (item: Item) => boolean,
  limit: number,
  cursorOf: (item: Item) => string,
): Page<Item> {
  const page: Item[] = [];
  for (const item of items) {
    if (!passes(item)) continue;
    const last = page.at(-1);
    if (page.length === limit && last !== undefined) return { items: page, cursor: cursorOf(last) };
    page.push(item);
  }
  return { items: page };
}
