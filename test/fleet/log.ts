/** One request of a client; times are of the monotonic clock of the process that all clients share. */
export interface Entry {
  readonly key: string;
  readonly server: number;
  readonly start: number;
  readonly end: number;
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
}

/** When a key was revoked: from when the call began, and since when it had resolved. */
export interface Revocation {
  readonly begin: number;
  /** Absent where the call failed, so that nothing is known. */
  readonly resolved?: number;
}

/** What a run came to. */
export interface Verdict {
  readonly requests: number;
  readonly revocations: number;
  /** Requests that began after the revocation of their key had resolved. */
  readonly afterRevocation: number;
  /** Those of them that were authenticated. */
  readonly letIn: readonly Entry[];
  /** Requests with a good key, over before its revocation began, that were answered 401 or 403. */
  readonly wronglyRefused: readonly Entry[];
  /** Requests that were answered 503. */
  readonly unavailable: number;
  /** Those of them with a good key, over before its revocation began. */
  readonly goodUnavailable: number;
  /** Requests without an answer. */
  readonly unanswered: number;
}

/** Judges the log of a run against what was revoked in it. */
export function judge(
  log: readonly Entry[],
  revocations: ReadonlyMap<string, Revocation>,
): Verdict {
  const letIn: Entry[] = [];
  const wronglyRefused: Entry[] = [];
  let [afterRevocation, unavailable, goodUnavailable, unanswered] = [0, 0, 0, 0];
  for (const entry of log) {
    const { begin = Number.POSITIVE_INFINITY, resolved = Number.POSITIVE_INFINITY } =
      revocations.get(entry.key) ?? {};
    const isAfter = entry.start >= resolved;
    if (isAfter) afterRevocation++;
    if (isAfter && entry.status === 200) letIn.push(entry);
    const isRefused = entry.status === 401 || entry.status === 403;
    if (isRefused && entry.end <= begin) wronglyRefused.push(entry);
    if (entry.status === 503) unavailable++;
    if (entry.status === 503 && entry.end <= begin) goodUnavailable++;
    if (entry.status === 0) unanswered++;
  }
  const resolved = [...revocations.values()].filter((one) => one.resolved !== undefined);
  return {
    ...{ requests: log.length, revocations: resolved.length, afterRevocation },
    ...{ letIn, wronglyRefused, unavailable, goodUnavailable, unanswered },
  };
}
