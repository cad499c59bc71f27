import { builtin } from '../builtin.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { RefusalReason } from '../verify.ts';

/** Events for your logs and metrics. They never hold a token or a part of one. */
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
      /** Follows `verified` if the key has been replaced: its user should switch to the new key. */
      readonly type: 'deprecated';
      readonly at: number;
      readonly keyId: string;
      readonly owner: string;
      readonly environment: string;
      /** The id of the successor, and the time of the rotation. */
      readonly replacedBy: string;
      readonly replacedAt: number;
      /** When the key expires, if it does. */
      readonly endsAt?: number;
    }
  | {
      readonly type: 'refused';
      readonly at: number;
      readonly reason: RefusalReason;
      /** The key, if the token matched one. */
      readonly keyId?: string;
      readonly owner?: string;
      readonly environment?: string;
      /**
       * For `unavailable`, the error of the store or the clock. For `malformed`, an error that explains the
       * mistake if your service passed a `Secret` or a whole header to `verify`.
       */
      readonly error?: unknown;
    }
  | {
      /** A background write of times of last use failed. They are kept for the next write. */
      readonly type: 'usage_failed';
      readonly at: number;
      readonly error: unknown;
    };

/** The name of the channel of `node:diagnostics_channel` that carries the events. */
const CHANNEL = 'keywright:event';

interface WarningProcess {
  emitWarning?(warning: string, options: { type: string; code: string }): void;
}

/** A listener of your service. Its result is not awaited, and its errors are ignored. */
export type OnEvent = (event: KeywrightEvent) => unknown;

/** Emits events to `onEvent` and to the diagnostics channel. */
export class Hooks {
  readonly #onEvent: OnEvent | undefined;
  readonly #clock: Clock;
  #hasWarned = false;
  readonly #channel = builtin('node:diagnostics_channel')?.channel(CHANNEL);

  constructor(onEvent: OnEvent | undefined, clock: Clock) {
    this.#onEvent = onEvent;
    this.#clock = clock;
  }

  /** Whether there is a listener. Without one, no event is built. */
  get active(): boolean {
    return this.#onEvent !== undefined || this.#channel?.hasSubscribers === true;
  }

  /** The time of an event. Falls back to system time if the clock throws. */
  now(): number {
    try {
      return this.#clock.now();
    } catch {
      return systemClock.now();
    }
  }

  /** Warns once, at the first 503 without a listener: responses do not contain the reason. */
  warnUnavailable(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const { process } = globalThis as { process?: WarningProcess };
    const reason = error instanceof Error ? error.message : String(error);
    process?.emitWarning?.(
      `Keywright answers 503: ${reason}. Pass onEvent to receive every refusal.`,
      { type: 'KeywrightWarning', code: 'store_unavailable' },
    );
  }

  /** Ignores what a listener throws or rejects with: it must not change the response. */
  emit(event: KeywrightEvent): void {
    this.#channel?.publish(event);
    try {
      Promise.resolve(this.#onEvent?.(event)).catch(() => {});
    } catch {}
  }
}
