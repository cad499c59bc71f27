import { withDeadline } from '../deadline.ts';

/** The longest time that a new read waits for the one before it. */
const SLOW_MS = 1000;

/** Runs one read at a time and shares its result: 16 waiting changes cost the store no more than one. */
export class SharedRead<Answer> {
  readonly #read: () => Promise<Answer>;
  #current: Promise<Answer> | undefined;
  #next: Promise<Answer> | undefined;

  constructor(read: () => Promise<Answer>) {
    this.#read = read;
  }

  /** Returns the result of a read that begins after this call. */
  fresh(): Promise<Answer> {
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  /** Returns the result of the read in progress, or of a new one. */
  latest(): Promise<Answer> {
    return this.#current ?? this.fresh();
  }

  async #afterCurrent(): Promise<Answer> {
    await (this.#current && withDeadline(this.#current, SLOW_MS).catch(() => {}));
    this.#next = undefined;
    const reading = this.#read();
    this.#current = reading;
    try {
      return await reading;
    } finally {
      if (this.#current === reading) this.#current = undefined;
    }
  }
}
