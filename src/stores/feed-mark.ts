/** The most ids in `recent` of a shard of the change feed. */
export const MOST_RECENT = 32;

/** Draws 64 random bits in hexadecimal, for the mark of a shard. */
export function drawMark(): string {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}
