import { CHANNEL } from './feed.ts';

/** Notifies listeners of changes. */
export interface Push {
  subscribe(listener: () => void): Promise<() => Promise<void>>;
}

/** A connection that is kept for notifications. */
export interface ListenClient {
  query(text: string): Promise<unknown>;
  on(event: 'notification' | 'error', listener: () => void): unknown;
  removeListener(event: 'notification' | 'error', listener: () => void): unknown;
  release(destroy?: boolean): void;
  /** Lets the process exit while the connection is open. `ref` reverts that. */
  unref?(): void;
  ref?(): void;
}

/** The pause before a lost connection is opened again. */
const PAUSE_MS = 500;

/**
 * Notifies of changes by LISTEN, over one connection for all listeners. It is opened for the first listener
 * and closed after the last. A lost connection is opened again, and then all listeners are called, because
 * notifications may have been lost.
 */
export function listenPush(connect: () => Promise<ListenClient>): Push {
  const listeners = new Set<() => void>();
  /** Never rejects; resolves with `undefined` if the connection failed. */
  let client: Promise<ListenClient | undefined> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function notifyAll(): void {
    for (const listener of listeners) queueMicrotask(listener);
  }

  async function open(): Promise<ListenClient | undefined> {
    let opened: ListenClient | undefined;
    try {
      opened = await connect();
      opened.on('notification', notifyAll);
      opened.on('error', onLost);
      await opened.query(`listen ${CHANNEL}`);
      // Not earlier: the process must stay alive until `listen` has been answered.
      opened.unref?.();
      notifyAll();
      return opened;
    } catch {
      release(opened, true);
      reopenLater();
      return undefined;
    }
  }

  function onLost(): void {
    client
      ?.then((opened) => {
        if (opened === undefined) return;
        release(opened, true);
        reopenLater();
      })
      .catch(() => {});
  }

  function reopenLater(): void {
    client = undefined;
    if (listeners.size === 0) return;
    timer = setTimeout(() => {
      client ??= open();
    }, PAUSE_MS);
    timer.unref?.();
  }

  function release(opened: ListenClient | undefined, destroy: boolean): void {
    opened?.removeListener('notification', notifyAll);
    opened?.removeListener('error', onLost);
    opened?.release(destroy);
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    const opened = await client;
    if (listeners.size > 0) return;
    client = undefined;
    opened?.ref?.();
    // The connection returns to the pool, and its next user must not receive notifications.
    const clean = await opened?.query(`unlisten ${CHANNEL}`).then(
      () => true,
      () => false,
    );
    release(opened, !clean);
  }

  return {
    async subscribe(listener) {
      const own = () => listener(); // the same listener may subscribe twice and unsubscribe once
      listeners.add(own);
      client ??= open();
      await client;
      return async () => {
        if (listeners.delete(own) && listeners.size === 0) await close();
      };
    },
  };
}
