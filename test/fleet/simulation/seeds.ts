const VARIABLE = 'KEYWRIGHT_SIMULATION_SEEDS';
const DEFAULT = '1-2000';

/**
 * Sets the seeds to run: a number of them, or from one to another, such as `68-68` to replay one.
 *
 * @throws Error for anything else
 */
export function setSeeds(value: string): void {
  process.env[VARIABLE] = value;
  seedsAsked();
}

/** The seeds to run; 2,000 unless others were asked for. */
export function seedsAsked(): readonly number[] {
  const text = process.env[VARIABLE] ?? DEFAULT;
  const [, first = '1', last] = /^(?:(\d{1,7})-)?(\d{1,7})$/.exec(text) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (!(count >= 1)) throw new Error(`--seeds must be a number, or two as in 1-2000: ${text}`);
  return Array.from({ length: count }, (_, i) => Number(first) + i);
}
