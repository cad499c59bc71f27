import { pause } from '../clock.ts';
import { hasCode, type KeywrightError } from '../errors.ts';
import type { ActorOptions } from '../service/input.ts';
import type { Service } from '../service/service.ts';
import type { ImportCounts, ImportProblem, ImportReport } from './report.ts';
import { type CheckedRow, checkRow } from './row.ts';
import { type PlacedRow, writeBatch } from './write.ts';

/** Maximum number of rows in one commit. */
const BATCH = 500;
/** Rows in memory that wait for their batch: 50 MB, or 250 MB with the largest metadata. */
const MAX_WAITING = 50_000;
/** Rows after which other work of the process can run. */
const ROWS_PER_TURN = 200;
/** Concurrent commits. */
const CONCURRENCY = 4;
/** Problems that the report lists. */
const LISTED = 1000;

/** Functions of the application that an import calls. */
interface Listeners {
  readonly onProgress: (counts: ImportCounts) => void;
  readonly onProblem: (problem: ImportProblem) => void;
}

/** One import: collects rows by owner, and commits them in batches. */
export class ImportRun {
  readonly #service: Service;
  readonly #by: ActorOptions;
  readonly #listeners: Listeners;
  readonly #counts = { read: 0, imported: 0, present: 0, different: 0, invalid: 0 };
  readonly #problems: ImportProblem[] = [];
  /** Rows that wait for their batch, by owner and digest. */
  readonly #waiting = new Map<string, Map<string, PlacedRow>>();
  #waitingCount = 0;
  readonly #writing = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(service: Service, by: ActorOptions, listeners: Listeners) {
    this.#service = service;
    this.#by = by;
    this.#listeners = listeners;
  }

  /** Adds the next row. Resolves once there is room for another. */
  async add(row: unknown): Promise<void> {
    if (++this.#counts.read % ROWS_PER_TURN === 0) await pause(0);
    const checked = await this.#check(row);
    if (checked === undefined) return;
    const { owner, digest } = checked.key;
    // Write the first row of a repeated digest now, so that the store reports the second as present.
    if (this.#waiting.get(owner)?.has(digest)) await this.#write(owner);
    const batch = this.#waiting.get(owner) ?? new Map<string, PlacedRow>();
    this.#waiting.set(owner, batch.set(digest, { place: this.#counts.read, ...checked }));
    this.#waitingCount++;
    if (batch.size >= BATCH) await this.#write(owner);
    if (this.#waitingCount >= MAX_WAITING) await this.flush();
  }

  /** Starts to write all waiting rows. */
  async flush(): Promise<void> {
    for (const owner of [...this.#waiting.keys()]) await this.#write(owner);
  }

  /** Resolves once nothing is being written any more, even after a failure. */
  async settle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  /** @throws the first error of a commit */
  end(): ImportReport {
    if (this.#failure) throw this.#failure.error;
    this.#listeners.onProgress({ ...this.#counts });
    return { ...this.#counts, problems: this.#problems };
  }

  async #check(row: unknown): Promise<CheckedRow | undefined> {
    try {
      return await checkRow(this.#service, row, { at: this.#service.clock.now(), ...this.#by });
    } catch (error) {
      if (!hasCode(error, 'invalid_argument')) throw error;
      const { argument = 'row', message } = error as KeywrightError;
      this.#report({ kind: 'invalid', row: this.#counts.read, argument, message });
      return undefined;
    }
  }

  /** Starts to write the waiting rows of an owner, once a slot is free. */
  async #write(owner: string): Promise<void> {
    const rows = [...(this.#waiting.get(owner)?.values() ?? [])];
    this.#waiting.delete(owner);
    this.#waitingCount -= rows.length;
    while (this.#writing.size >= CONCURRENCY) await Promise.race(this.#writing);
    if (this.#failure) throw this.#failure.error;
    const writing = this.#commit(owner, rows)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #commit(owner: string, rows: readonly PlacedRow[]): Promise<void> {
    const by = { at: this.#service.clock.now(), ...this.#by };
    const present = await writeBatch(this.#service, owner, rows, by);
    this.#counts.imported += rows.length - present.length;
    for (const { place: row, keyId, fields } of present) {
      if (fields.length === 0) this.#counts.present++;
      else this.#report({ kind: 'different', row, keyId, fields });
    }
    this.#listeners.onProgress({ ...this.#counts });
  }

  #report(problem: ImportProblem): void {
    this.#counts[problem.kind]++;
    if (this.#problems.length < LISTED) this.#problems.push(problem);
    this.#listeners.onProblem(problem);
  }
}
