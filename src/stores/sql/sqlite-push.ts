import type { Push } from './engine.ts';

/** How often it is looked whether another process has changed something: a read of 3 µs. */
const LOOK_MS = 25;

/** Word of changes: at once from this store, and by looking from others on the same file. */
export function sqlitePush(generation: () => number): Push {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let seen = -1;

  function tell(): void {
    for (const listener of listeners) queueMicrotask(listener);
  }

  function look(): void {
    try {
      const present = generation();
      if (present !== seen) tell();
      seen = present;
    } catch {} // a file that is busy, or closed by now: no word is no promise broken
  }

  return {
    async subscribe(listener) {
      const own = () => listener(); // one listener may subscribe twice and leave once
      if (listeners.size === 0) {
        seen = generation();
        timer = setInterval(look, LOOK_MS);
        timer.unref();
      }
      listeners.add(own);
      return async () => {
        listeners.delete(own);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    announce: tell,
  };
}
