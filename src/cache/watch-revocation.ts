import { systemTiming, type Timing } from '../clock.ts';
import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import type { Actor } from '../record.ts';
import type { ChangeEffect } from '../rules/barrier.ts';
import type { Secret } from '../secret.ts';
import { type ProbeReport, ProbeWatch, type RevocationProbe } from './probe-watch.ts';

/** The methods of a service that a watch calls. The result of `createApiKeys` has them. */
export interface WatchedKeys<NewKey extends object> {
  /** Creates a key. */
  create(
    key: NewKey,
  ): Promise<{ readonly secret: Secret; readonly record: { readonly id: string } }>;
  /** Revokes a key. Resolves once the revocation takes effect in every process. */
  revoke(
    id: string,
    options: { readonly actor: Actor },
  ): Promise<{ readonly effect: ChangeEffect }>;
}

/** Options of `watchRevocation`. All durations are in milliseconds. */
export interface WatchRevocationOptions<NewKey extends object> {
  /**
   * The owner, the environment and other required fields of the key that each round creates and revokes.
   * Use a separate owner, and no scopes.
   */
  readonly key: Omit<NewKey, 'name' | 'actor' | 'expiresAt'>;
  /** The probes by name. Together they should reach every process. */
  readonly probes: Readonly<Record<string, RevocationProbe>>;
  /** Receives the report of each round. Errors that it throws are ignored. */
  readonly onReport: (report: RevocationReport) => void;
  /** Time between the starts of rounds, 1,000 to 86,400,000. A round adds two events. Default 300,000. */
  readonly everyMs?: number;
  /** How long probes are called after the revocation, 1 to 60,000, at most `everyMs`. Default 1,000. */
  readonly watchMs?: number;
  /** Who creates and revokes the keys. Default `{ id: 'revocation-watch' }`. */
  readonly actor?: Actor;
}

/** The result of one round. */
export interface RevocationReport {
  /** Whether every probe accepted the key before the revocation, and refused every request after it. */
  readonly ok: boolean;
  /** Epoch milliseconds at which the round began. */
  readonly at: number;
  /** The id of the key; absent if it could not be created. */
  readonly keyId?: string;
  /** Milliseconds from the call of `revoke` until it resolved; absent if it failed. */
  readonly revokeMs?: number;
  /** The effect of the revocation; absent if it failed. */
  readonly effect?: ChangeEffect;
  readonly probes: readonly ProbeReport[];
  /** The error of the creation or the revocation. */
  readonly error?: unknown;
}

/** A running watch. */
export interface RevocationWatch {
  /** Runs a round now, or joins the one that is running. */
  check(): Promise<RevocationReport>;
  /** Stops the watch. Resolves once a running round has revoked its key and ended. */
  close(): Promise<void>;
}

const OPTIONS = ['key', 'probes', 'onReport', 'everyMs', 'watchMs', 'actor'];
/** The key of a round expires by itself, in case the process exits in the middle of the round. */
const LIFE_MS = 3_600_000;

/**
 * Checks in production that revoked keys are refused. Every `everyMs`, it creates a key, revokes it, and
 * calls the probes with its token. If a process still accepts the key, the report of the first round that
 * reaches this process shows it. No timer keeps the process alive.
 *
 * @example
 * ```ts
 * const watch = watchRevocation(keys, {
 *   key: { owner: 'revocation-watch', environment: 'live' },
 *   probes: {
 *     async api(token) {
 *       const headers = { authorization: `Bearer ${token}` };
 *       const { status } = await fetch('https://api.example.com/v1/me', { headers });
 *       if (status !== 200 && status !== 401) throw new Error(`answered ${status}`);
 *       return status === 200;
 *     },
 *   },
 *   onReport: (report) => {
 *     if (!report.ok) console.error('a revoked key was accepted, or nothing is known', report);
 *   },
 * });
 * ```
 * @throws KeywrightError `invalid_argument` that names the option
 */
export function watchRevocation<NewKey extends object>(
  keys: WatchedKeys<NewKey>,
  options: WatchRevocationOptions<NewKey>,
): RevocationWatch {
  const timing = systemTiming;
  checkOptions(options);
  const { everyMs = 300_000, watchMs = 1000, onReport } = options;
  const closing = new AbortController();
  let running: Promise<RevocationReport> | undefined;
  let cancel = () => {};

  function check(): Promise<RevocationReport> {
    running ??= round().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function round(): Promise<RevocationReport> {
    const at = timing.wallMs();
    const report = { at, ...(await watchOnce(keys, options, { timing, watchMs, closing })) };
    try {
      onReport(report);
    } catch {}
    return report;
  }

  function scheduleNext(): void {
    cancel = timing.schedule(everyMs, () => {
      scheduleNext();
      check().catch(() => {}); // a round reports failures, and does not reject
    });
  }

  scheduleNext();
  return {
    check,
    async close() {
      cancel();
      closing.abort();
      await running;
    },
  };
}

interface RoundOptions {
  readonly timing: Timing;
  readonly watchMs: number;
  readonly closing: AbortController;
}

async function watchOnce<NewKey extends object>(
  keys: WatchedKeys<NewKey>,
  { key, probes, actor = { id: 'revocation-watch' } }: WatchRevocationOptions<NewKey>,
  { timing, watchMs, closing }: RoundOptions,
): Promise<Omit<RevocationReport, 'at'>> {
  let keyId: string | undefined;
  const watches = Object.entries(probes).map(
    ([name, probe]) => new ProbeWatch(name, probe, timing),
  );
  try {
    const expiresAt = timing.wallMs() + LIFE_MS;
    const set = { name: 'revocation watch', actor, expiresAt };
    const { secret, record } = await keys.create({ ...key, ...set } as unknown as NewKey);
    keyId = record.id;
    const token = secret.reveal();
    await Promise.all(watches.map((watch) => watch.before(token)));
    const begin = timing.monotonicMs();
    const { effect } = await keys.revoke(keyId, { actor });
    const revokeMs = timing.monotonicMs() - begin;
    await Promise.all(watches.map((watch) => watch.after(token, watchMs, closing.signal)));
    const reports = watches.map((watch) => watch.report());
    const ok = reports.every(({ accepted, error }) => accepted === 0 && error === undefined);
    return { ok, keyId, revokeMs, effect, probes: reports };
  } catch (error) {
    const reports = watches.map((watch) => watch.report());
    return { ok: false, ...(keyId !== undefined && { keyId }), probes: reports, error };
  }
}

function checkOptions(options: WatchRevocationOptions<object>): void {
  checkFields(options, 'options', OPTIONS);
  const { key, probes, onReport, everyMs = 300_000, watchMs = 1000 } = options;
  if (typeof key !== 'object' || key === null) throw invalid('key', 'must be an object');
  const all = typeof probes === 'object' && probes !== null ? Object.values(probes) : [];
  if (all.length === 0 || all.some((probe) => typeof probe !== 'function')) {
    throw invalid('probes', 'must be an object whose values are functions, at least one');
  }
  if (typeof onReport !== 'function') throw invalid('onReport', 'must be a function');
  checkSpan(everyMs, 'everyMs', 1000, 86_400_000);
  checkSpan(watchMs, 'watchMs', 1, Math.min(60_000, everyMs));
}

function checkSpan(value: unknown, argument: string, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalid(argument, `must be a whole number from ${min} to ${max}`);
  }
}
