import type { Push } from './engine.ts';
import { CHANNEL } from './leases.ts';

/** A connection that is kept for notifications. */
export interface ListenClient {
  query(text: string): Promise<unknown>;
  on(event: 'notification' | 'error', listener: () => void): unknown;
  removeListener(event: 'notification' | 'error', listener: () => void): unknown;
  release(destroy?: boolean): void;
  /** Lets the process end though the connection is open, and `ref` does not. */
  unref?(): void;
  ref?(): void;
}

/** Before a lost connection is opened again. */
const PAUSE_MS = 500;

/**
 * Word of changes by LISTEN, over one connection for all who listen, opened with the first and
 * closed with the last. One that is lost is opened again, and all are told, as word may have been lost.
 */
export function listenPush(connect: () => Promise<ListenClient>): Push {
  const listeners = new Set<() => void>();
  /** Never rejects: `undefined` where no connection was to be had. */
  let client: Promise<ListenClient | undefined> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    for (const listener of listeners) queueMicrotask(listener);
  }

  async function open(): Promise<ListenClient | undefined> {
    let opened: ListenClient | undefined;
    try {
      opened = await connect();
      opened.on('notification', tell);
      opened.on('error', lost);
      await opened.query(`listen ${CHANNEL}`);
      // Not before: who waits for the answer must get it, though nothing else keeps the process.
      opened.unref?.();
      tell();
      return opened;
    } catch {
      leave(opened, true);
      again();
      return undefined;
    }
  }

  function lost(): void {
    client
      ?.then((opened) => {
        if (opened === undefined) return;
        leave(opened, true);
        again();
      })
      .catch(() => {});
  }

  function again(): void {
    client = undefined;
    if (listeners.size === 0) return;
    timer = setTimeout(() => {
      client ??= open();
    }, PAUSE_MS);
    timer.unref?.();
  }

  function leave(opened: ListenClient | undefined, destroy: boolean): void {
    opened?.removeListener('notification', tell);
    opened?.removeListener('error', lost);
    opened?.release(destroy);
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    const opened = await client;
    if (listeners.size > 0) return;
    client = undefined;
    opened?.ref?.();
    // Back to the pool, whose next user would hear what it did not ask for.
    const clean = await opened?.query(`unlisten ${CHANNEL}`).then(
      () => true,
      () => false,
    );
    leave(opened, !clean);
  }

  return {
    async subscribe(listener) {
      const own = () => listener(); // one listener may subscribe twice and leave once
      listeners.add(own);
      client ??= open();
      await client;
      return async () => {
        if (listeners.delete(own) && listeners.size === 0) await close();
      };
    },
  };
}
