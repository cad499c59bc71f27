import {
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { icon } from '../icons.ts';
import type { Context } from '../part.ts';
import { duration, now } from '../time.ts';

const SECOND_MS = 1000;

/** Counts down until codes are accepted again, after too many wrong ones. */
export class Lock implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly context: Context };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & { readonly context: Context }) {
    this.#host = host;
    host.addController(this);
  }

  /** Milliseconds until a code is accepted; 0 if it would be accepted now. */
  get leftMs(): number {
    return Math.max(0, this.#host.context.client.lockedUntil - now());
  }

  hostConnected(): void {
    this.watch();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  /** Updates the remaining time each second. */
  watch(): void {
    clearTimeout(this.#timer);
    this.#host.requestUpdate();
    if (this.leftMs > 0) this.#timer = setTimeout(() => this.watch(), SECOND_MS);
  }

  /** How long codes are refused. Screen readers read it once, because it is a timer. */
  note(): TemplateResult {
    const { texts } = this.#host.context;
    const time = duration(texts, this.leftMs);
    return html`<div class="note caution" role="timer">
      ${icon('clock')}<span>${texts.of('code.locked', { time })}</span>
    </div>`;
  }
}
