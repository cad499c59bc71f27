import type { Engine } from './engine.ts';

/** How often the store polls for changes of other processes: a read of 3 µs. */
const POLL_MS = 25;

/** Notifies of changes: at once of those of this store, and by polling of those of other processes. */
export function sqlitePush(generation: () => number): NonNullable<Engine['feed']> {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let seen = -1;

  function tell(): void {
    for (const listener of listeners) queueMicrotask(listener);
  }

  function poll(): void {
    try {
      const present = generation();
      if (present !== seen) tell();
      seen = present;
    } catch {} // the file is busy or closed: a missing notification breaks no promise
  }

  return {
    async subscribe(listener: () => void) {
      const own = () => listener(); // the same listener may subscribe twice and unsubscribe once
      if (listeners.size === 0) {
        seen = generation();
        timer = setInterval(poll, POLL_MS);
        timer.unref();
      }
      listeners.add(own);
      return async () => {
        listeners.delete(own);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    tell,
  };
}
