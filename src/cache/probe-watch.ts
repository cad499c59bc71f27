import type { Timing } from '../clock.ts';

/**
 * Sends a request with the token to one process, or to the load balancer of several. Returns whether the
 * request was authenticated. Throw for any response but success and 401: a 503 proves nothing.
 */
export type RevocationProbe = (token: string) => Promise<boolean>;

/** The result of one probe in one round. */
export interface ProbeReport {
  readonly name: string;
  /** The number of calls after the revocation had resolved. */
  readonly asked: number;
  /** The number of those calls that were still accepted. */
  readonly accepted: number;
  /** Milliseconds from the revocation until the last accepted call began; 0 if none was accepted. */
  readonly acceptedForMs: number;
  /** The first failure: an error of the probe, or a refusal of the key before it was revoked. */
  readonly error?: unknown;
}

/** A probe that takes longer fails, so that it does not delay the report. */
const PROBE_TIMEOUT_MS = 5000;
/** Calls before the revocation. A process with a cache has the key in memory after the first one. */
const CALLS_BEFORE = 2;
const SPACING_MS = 20;

/** One probe in one round. */
export class ProbeWatch {
  readonly #name: string;
  readonly #probe: RevocationProbe;
  readonly #timing: Timing;
  #asked = 0;
  #accepted = 0;
  #acceptedForMs = 0;
  #error: unknown;

  constructor(name: string, probe: RevocationProbe, timing: Timing) {
    this.#name = name;
    this.#probe = probe;
    this.#timing = timing;
  }

  async before(token: string): Promise<void> {
    for (let i = 0; i < CALLS_BEFORE; i++) {
      if ((await this.#call(token)) === false) {
        this.#error ??= new Error('the key was refused before it was revoked');
      }
    }
  }

  /** Calls the probe repeatedly, at least once. */
  async after(token: string, watchMs: number, signal: AbortSignal): Promise<void> {
    const begin = this.#timing.monotonicMs();
    for (;;) {
      const passed = this.#timing.monotonicMs() - begin;
      this.#asked++;
      if (await this.#call(token)) {
        this.#accepted++;
        this.#acceptedForMs = passed;
      }
      if (signal.aborted || this.#timing.monotonicMs() - begin >= watchMs) return;
      await this.#timing.pause(SPACING_MS);
    }
  }

  report(): ProbeReport {
    const report = {
      ...{ name: this.#name, asked: this.#asked },
      ...{ accepted: this.#accepted, acceptedForMs: this.#acceptedForMs },
    };
    return this.#error === undefined ? report : { ...report, error: this.#error };
  }

  /** Whether the token was accepted; `undefined` if the probe failed. */
  async #call(token: string): Promise<boolean | undefined> {
    let cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`the probe did not answer in ${PROBE_TIMEOUT_MS} ms`));
      cancel = this.#timing.schedule(PROBE_TIMEOUT_MS, fail);
    });
    try {
      return await Promise.race([this.#probe(token), late]);
    } catch (error) {
      this.#error ??= error ?? new Error('the probe failed');
      return undefined;
    } finally {
      cancel();
    }
  }
}
