import { monotonicMs } from './clock.ts';

/** More values than a server has in flight. Each takes about 200 bytes. */
const MAX_WAITING = 10_000;

/** Timers count whole milliseconds: they are set this early, and turns of the event loop do the rest. */
const TIMER_MARGIN_MS = 0.25;
/** A real timer never fires this early. One that seems to uses another clock, as in tests. */
const MAX_TURNS_MS = 2;

interface Waiting {
  readonly arrivedAt: number;
  readonly release: () => void;
}

/**
 * Holds values until a tick of a shared clock.
 *
 * Ticks are whole multiples of the period, so the tick depends on the arrival alone, not on the
 * duration of the work. A timer for each value would reveal that duration: epoll waits whole
 * milliseconds from the end of the work.
 */
export class TickWheel {
  readonly #periodMs: number;
  readonly #ticks = new Map<number, Waiting[]>();
  #waiting = 0;
  #armedFor: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param periodMs milliseconds between ticks; with 0, no value is held */
  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /**
   * Resolves with the value at the first tick that is a period or more after `arrivedAt`, or at the next
   * tick if that one has passed. Returns it at once if 10,000 values are already waiting.
   *
   * @param arrivedAt from `monotonicMs`
   */
  hold<Value>(value: Value, arrivedAt: number): Value | Promise<Value> {
    if (this.#periodMs === 0 || this.#waiting === MAX_WAITING) return value;
    const now = monotonicMs();
    const tick = Math.max(this.#tickAfter(arrivedAt) + 1, this.#tickAfter(now));
    return new Promise((resolve) => {
      const release = () => resolve(value);
      if (sharesTimers()) this.#add(tick, now, { arrivedAt, release });
      else setTimeout(release, tick * this.#periodMs - now);
    });
  }

  #tickAfter(moment: number): number {
    return Math.floor(moment / this.#periodMs) + 1;
  }

  #add(tick: number, now: number, entry: Waiting): void {
    this.#waiting++;
    const entries = this.#ticks.get(tick);
    if (entries) entries.push(entry);
    else this.#ticks.set(tick, [entry]);
    const armedFor = this.#armedFor ?? Number.POSITIVE_INFINITY;
    // An overdue timer never fires, such as a fake one of a test that has restored the real timers.
    const isOverdue = (armedFor + 1) * this.#periodMs < now;
    if (tick < armedFor || isOverdue) this.#arm(tick);
  }

  /** Keeps the process alive until the values are released. */
  #arm(tick: number): void {
    clearTimeout(this.#timer);
    this.#armedFor = tick;
    const left = tick * this.#periodMs - monotonicMs();
    this.#timer = setTimeout(
      () => this.#wake(tick),
      Math.max(0, Math.floor(left - TIMER_MARGIN_MS)),
    );
  }

  /** @param seenAt the time in the previous turn of the event loop */
  #wake(tick: number, seenAt?: number): void {
    if (tick !== this.#armedFor) return;
    const now = monotonicMs();
    const left = tick * this.#periodMs - now;
    if (left <= 0 || left > MAX_TURNS_MS) this.#release(tick);
    else if (now !== seenAt) setImmediate(() => this.#wake(tick, now));
    // The clock stands still or is coarse: further turns of the event loop would keep the processor busy.
    // A timer counts from the start of the turn, so it can fire up to 1 ms early.
    else this.#timer = setTimeout(() => this.#release(tick), Math.ceil(left) + 1);
  }

  #release(tick: number): void {
    const due = [...this.#ticks].filter(([number]) => number <= tick);
    for (const [number, entries] of due) {
      this.#ticks.delete(number);
      this.#waiting -= entries.length;
      // Releases in the order of arrival: the order of the verdicts would reveal which read was faster.
      entries.sort((a, b) => a.arrivedAt - b.arrivedAt);
      for (const { release } of entries) release();
    }
    this.#armedFor = undefined;
    if (this.#ticks.size > 0) this.#arm(Math.min(...this.#ticks.keys()));
  }
}

/** On workerd, a timer ends with the request that set it, so each request needs its own. */
function sharesTimers(): boolean {
  return /^(?:Node\.js|Deno|Bun)\//.test(globalThis.navigator?.userAgent ?? '');
}
