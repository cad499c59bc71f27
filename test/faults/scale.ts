const VARIABLE = 'KEYWRIGHT_FAULTS_SCALE';

/** So many rounds of a full run's `rounds` as are asked for, and at least one. */
export function scaled(rounds: number): number {
  return Math.max(1, Math.round(rounds * Number(process.env[VARIABLE] ?? 1)));
}

/**
 * Sets the share of a full run, for this process and those that it starts.
 *
 * @throws Error for what is no number above 0 and up to 1
 */
export function setScale(value: string): void {
  const scale = Number(value);
  if (!(scale > 0 && scale <= 1))
    throw new Error(`--scale must be above 0 and at most 1: ${value}`);
  process.env[VARIABLE] = value;
}
