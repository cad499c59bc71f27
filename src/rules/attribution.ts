import type { Actor } from '../record.ts';

/** When, who and why, for the activity log. */
export interface Attribution {
  /** Epoch milliseconds. The change also compares expiries with this time. */
  readonly at: number;
  readonly actor: Actor;
  readonly reason?: string;
}
