import { MOST_RECENT } from '../feed-mark.ts';
import type { Family } from './dialect.ts';

/** The number of shards for plain changes. Those for joined changes follow. */
const COUNT: Record<Family, number> = { postgres: 64, mysql: 1, sqlite: 1 };

/** The ids of all rows of the generation. SQLite locks the whole file anyway, so it has one row. */
export function shardsIn(family: Family): number[] {
  const rows = family === 'sqlite' ? 1 : 2 * COUNT[family];
  return Array.from({ length: rows }, (_, shard) => shard);
}

/** The shard that plain changes of an owner raise, and the one that joined changes prefer. */
export function shardsOfOwner(
  family: Family,
  owner: string,
): { readonly plain: number; readonly joined: number } {
  const plain = hash(owner) % COUNT[family];
  return { plain, joined: family === 'sqlite' ? plain : plain + COUNT[family] };
}

/** The first shard for joined changes. */
export function firstJoinedShard(family: Family): number {
  return COUNT[family];
}

/**
 * The shards that a record of the owner depends on. A joined change raises any joined shard that no open
 * transaction has locked, so every record depends on all joined shards. The cache calls this for each
 * record that it keeps, so the list of each plain shard is created once.
 */
export function shardsFor(family: Family, owner: string): readonly number[] {
  const { plain } = shardsOfOwner(family, owner);
  const lists = dependencies[family];
  lists[plain] ??= [plain, ...shardsIn(family).filter((shard) => shard >= COUNT[family])];
  return lists[plain];
}

const dependencies: Record<Family, (readonly number[])[]> = { postgres: [], mysql: [], sqlite: [] };

/** FNV-1a over UTF-16 code units: all processes must compute the same shard. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return sum;
}

/**
 * Formats ids for the column `recent`: lines of JSON text, which PostgreSQL and MySQL can prepend to
 * others, or a JSON array in SQLite.
 */
export function writeRecent(family: Family, ids: readonly string[]): string {
  const newest = ids.slice(0, MOST_RECENT);
  if (family === 'sqlite') return JSON.stringify(newest);
  return newest.map((id) => JSON.stringify(id)).join('\n');
}

export function readRecent(text: string): string[] {
  if (text.startsWith('[')) return JSON.parse(text);
  return JSON.parse(`[${text.split('\n').filter(Boolean).join(',')}]`);
}
