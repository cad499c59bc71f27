import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Context } from './part.ts';
import { now } from './time.ts';

const REST_MS = 3000;

/** Calls `onStale` when a list may be outdated: on focus, or if another tab has changed a key. */
export class News implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly context: Context };
  readonly #onStale: () => void;
  #channel: BroadcastChannel | undefined;
  #calledAt = 0;

  constructor(host: ReactiveControllerHost & { readonly context: Context }, onStale: () => void) {
    this.#host = host;
    this.#onStale = onStale;
    host.addController(this);
  }

  hostConnected(): void {
    this.#calledAt = now();
    const { owner } = this.#host.context.session;
    this.#channel = new BroadcastChannel(`keywright:${owner}`);
    this.#channel.onmessage = () => this.#onStale();
    addEventListener('focus', this.#focused);
  }

  hostDisconnected(): void {
    this.#channel?.close();
    this.#channel = undefined; // a change may end after its list is gone
    removeEventListener('focus', this.#focused);
  }

  /** Tells the other tabs that a key has changed. */
  notifyTabs(): void {
    this.#channel?.postMessage('');
  }

  readonly #focused = (): void => {
    if (now() - this.#calledAt < REST_MS) return;
    this.#calledAt = now();
    this.#onStale();
  };
}
