import { monotonicMs, pause } from '../../clock.ts';
import { assert } from '../assert.ts';

/** How long a check waits for an expected event. */
export const SOON_MS = 3_000;
/** How long a check waits to see that an event does not happen. */
const WATCH_MS = 60;

/** Waits until the condition holds. Fails if it does not hold within {@link SOON_MS}. */
export async function until(condition: () => boolean | Promise<boolean>, claim: string) {
  const end = monotonicMs() + SOON_MS;
  while (!(await condition())) {
    assert(monotonicMs() < end, `${claim} within ${SOON_MS} ms`);
    await pause(1);
  }
}

/** Work that is running and whose end is observed. */
export class RunningWork<Result = unknown> {
  readonly #what: string;
  readonly #outcome: Promise<unknown>;
  #ended: { readonly at: number; readonly result?: Result; readonly error?: unknown } | undefined;

  constructor(what: string, work: Promise<Result>) {
    this.#what = what;
    this.#outcome = work.then(
      (result) => {
        this.#ended = { at: monotonicMs(), result };
      },
      (error: unknown) => {
        this.#ended = { at: monotonicMs(), error };
      },
    );
  }

  /** Fails if the work ends within {@link WATCH_MS}. */
  async waits(): Promise<void> {
    await this.#settle(WATCH_MS);
    assert(this.#ended === undefined, `${this.#what} waits`);
  }

  /** Waits for {@link WATCH_MS}, or until the work ends. */
  async runs(): Promise<void> {
    await this.#settle(WATCH_MS);
  }

  /** Fails unless the work ends in time. Returns when it ended, and the result or the error. */
  async ends(withinMs = SOON_MS) {
    await this.#settle(withinMs);
    assert(this.#ended !== undefined, `${this.#what} ends within ${withinMs} ms`);
    return this.#ended;
  }

  /** Fails unless the work resolves in time. Returns when it did. */
  async resolves(withinMs = SOON_MS): Promise<number> {
    const ended = await this.ends(withinMs);
    if ('error' in ended) throw ended.error;
    return ended.at;
  }

  async #settle(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#outcome, late]);
    clearTimeout(timer);
  }
}
