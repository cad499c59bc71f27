import { builtin } from '../builtin.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { RefusalReason } from '../verify.ts';

/** What the server's own eyes are told. Never a token, nor any part of one. */
export type KeywrightEvent =
  | {
      readonly type: 'verified';
      /** Epoch milliseconds. */
      readonly at: number;
      readonly keyId: string;
      readonly owner: string;
      readonly environment: string;
    }
  | {
      /** Beside `verified`: the key has been replaced, and whoever uses it should take the new one. */
      readonly type: 'deprecated';
      readonly at: number;
      readonly keyId: string;
      readonly owner: string;
      readonly environment: string;
      /** The successor, and when the rotation took place. */
      readonly replacedBy: string;
      readonly replacedAt: number;
      /** From when on the key is refused, where that is settled. */
      readonly endsAt?: number;
    }
  | {
      readonly type: 'refused';
      readonly at: number;
      readonly reason: RefusalReason;
      /** Which key, where the token was one's. */
      readonly keyId?: string;
      readonly owner?: string;
      readonly environment?: string;
      /** What the store or the clock failed with, where the reason is `unavailable`. */
      readonly error?: unknown;
    }
  | {
      /** Times of last use could not be written in the background; they are kept for the next try. */
      readonly type: 'usage_failed';
      readonly at: number;
      readonly error: unknown;
    };

/** The name of the channel of `node:diagnostics_channel` that carries the events. */
const CHANNEL = 'keywright:event';

/** The hook of the host. What it gives is not waited for, and what it throws changes nothing. */
export type OnEvent = (event: KeywrightEvent) => unknown;

/** Tells events to the host's hook and to the diagnostics channel, where anybody listens. */
export class Hooks {
  readonly #onEvent: OnEvent | undefined;
  readonly #clock: Clock;
  readonly #channel = builtin('node:diagnostics_channel')?.channel(CHANNEL);

  constructor(onEvent: OnEvent | undefined, clock: Clock) {
    this.#onEvent = onEvent;
    this.#clock = clock;
  }

  /** Whether anybody listens: if not, no event need be made. */
  get active(): boolean {
    return this.#onEvent !== undefined || this.#channel?.hasSubscribers === true;
  }

  /** The moment of an event: what a clock of the host throws keeps nobody from being told. */
  now(): number {
    try {
      return this.#clock.now();
    } catch {
      return systemClock.now();
    }
  }

  /** What a listener throws, now or later, is its own: it never changes the answer to a request. */
  emit(event: KeywrightEvent): void {
    this.#channel?.publish(event);
    try {
      Promise.resolve(this.#onEvent?.(event)).catch(() => {});
    } catch {}
  }
}
