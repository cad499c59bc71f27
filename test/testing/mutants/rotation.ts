import type { Successor } from 'keywright';
import { storedKey, trace as traceOf } from 'keywright/testing';
import { keyEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant, type Parts, retelling, unsealed } from './mutant.ts';

const claims = (...rotate: string[]) => ({ rotate });

/** The successor, once it is added, is made another. */
function successorWith(
  { inner, tables }: Parts,
  change: (key: ReturnType<typeof storedKey>) => ReturnType<typeof storedKey>,
) {
  const rotate: Parts['inner']['rotate'] = async (ref, successor, trace) => {
    const outcome = await inner.rotate(ref, successor, trace);
    if (outcome === undefined || 'refused' in outcome) return outcome;
    return { ...outcome, key: tables.replace(change(outcome.key)) };
  };
  return { rotate };
}

/** The predecessor is made another before it is rotated, and itself again after it. */
function predecessorAs(
  { inner, tables }: Parts,
  change: (key: ReturnType<typeof storedKey>, at: number) => ReturnType<typeof storedKey>,
) {
  const rotate: Parts['inner']['rotate'] = async (ref, successor, trace) => {
    const key = tables.find(ref);
    if (key) tables.replace(change(key, trace.at));
    const outcome = await inner.rotate(ref, successor, trace);
    if (key && outcome && 'refused' in outcome) tables.replace(key);
    return outcome;
  };
  return { rotate };
}

/** The terms of a rotation are others. */
function terms({ inner }: Parts, change: (successor: Successor) => Successor) {
  const rotate: Parts['inner']['rotate'] = (ref, successor, trace) =>
    inner.rotate(ref, change(successor), trace);
  return { rotate };
}

export const rotateMutants: Mutants = {
  'gives a successor no scopes': mutant(
    claims('adds a successor that takes after its predecessor'),
    (parts) => successorWith(parts, (key) => ({ ...key, scopes: [] })),
  ),

  'gives a successor the use of its predecessor': mutant(
    claims('adds a successor that takes after its predecessor'),
    (parts) => successorWith(parts, (key) => ({ ...key, lastUsedAt: key.createdAt })),
  ),

  'enables every successor': mutant(claims('hands on being disabled'), (parts) =>
    successorWith(parts, (key) => ({ ...key, enabled: true })),
  ),

  'hands on no expiry': mutant(
    claims('hands on the expiry unless the successor has its own or none'),
    (parts) =>
      terms(parts, (successor) => ({ ...successor, expiresAt: successor.expiresAt ?? null })),
  ),

  'hands on the expiry though the successor is to have none': mutant(
    claims('hands on the expiry unless the successor has its own or none'),
    (parts) =>
      terms(parts, ({ expiresAt, ...successor }) =>
        typeof expiresAt === 'number' ? { ...successor, expiresAt } : successor,
      ),
  ),

  'gives an expiry only where the predecessor has one': mutant(
    claims('gives an expiry to the successor of a key without one'),
    ({ inner, tables }) => ({
      rotate: (ref, { expiresAt, ...successor }, trace) => {
        const expires = tables.find(ref)?.expiresAt !== undefined && expiresAt !== undefined;
        return inner.rotate(ref, expires ? { ...successor, expiresAt } : successor, trace);
      },
    }),
  ),

  'hands on a grace': mutant(claims('hands on no grace when it applies again'), (parts) => ({
    rotate: (ref, successor, trace) => {
      const { expiresAt: ends } = parts.tables.find(ref) ?? {};
      return parts.inner.rotate(ref, { expiresAt: ends ?? null, ...successor }, trace);
    },
  })),

  'hands on a grace where the successor has expired': mutant(
    claims('refuses a key in its grace whose successor has expired, unless the next has an expiry'),
    (parts) =>
      predecessorAs(parts, ({ replacedBy, ...key }, at) => {
        const next = replacedBy === undefined ? undefined : parts.tables.find({ id: replacedBy });
        return next && (next.expiresAt ?? at + 1) > at ? { ...key, replacedBy: next.id } : key;
      }),
  ),

  'ends the predecessor at once': mutant(
    claims('adds a successor that takes after its predecessor'),
    (parts) => terms(parts, (successor) => ({ graceEndsAt: 0, ...successor })),
  ),

  'knows no grace': mutant(claims('ends the predecessor with the grace'), (parts) =>
    terms(parts, ({ graceEndsAt: _, ...successor }) => successor),
  ),

  'lets a grace outlast the expiry': mutant(
    claims('leaves the predecessor its own expiry where that comes first'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) => {
        const outcome = await inner.rotate(ref, successor, trace);
        if (!outcome || 'refused' in outcome || !successor.graceEndsAt) return outcome;
        const expiresAt = successor.graceEndsAt;
        return { ...outcome, replaced: tables.replace({ ...outcome.replaced, expiresAt }) };
      },
    }),
  ),

  'leaves an event of creation beside that of the rotation': mutant(
    claims('leaves one event, on the predecessor'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) => {
        const outcome = await inner.rotate(ref, successor, trace);
        if (outcome && 'key' in outcome) {
          append(tables, outcome.key.owner, keyEvent('key.created', outcome.key, trace));
        }
        return outcome;
      },
    }),
  ),

  'tells of a rotation on the successor': mutant(
    claims('leaves one event, on the predecessor'),
    (parts) =>
      retelling(parts, (event) => ({
        ...unsealed(event),
        ...(event.successorId && { keyId: event.successorId }),
      })),
  ),

  'leaves the grace out of the event': mutant(
    claims('leaves one event, on the predecessor'),
    (parts) => retelling(parts, ({ graceEndsAt: _, ...event }) => unsealed(event)),
  ),

  'rotates revoked keys': mutant(claims('refuses a revoked key'), (parts) =>
    predecessorAs(parts, ({ revokedAt: _, ...key }) => key),
  ),

  'rotates expired keys': mutant(
    claims('refuses an expired key unless the successor has an expiry of its own'),
    (parts) => predecessorAs(parts, ({ expiresAt: _, ...key }) => key),
  ),

  'refuses expired keys whatever becomes of the successor': mutant(
    claims('refuses an expired key unless the successor has an expiry of its own'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) =>
        (tables.find(ref)?.expiresAt ?? Number.POSITIVE_INFINITY) <= trace.at
          ? { refused: 'expired' }
          : inner.rotate(ref, successor, trace),
    }),
  ),

  'takes a key for expired a millisecond early': mutant(
    claims('applies to a key that is about to expire'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) =>
        tables.find(ref)?.expiresAt === trace.at + 1
          ? { refused: 'expired' }
          : inner.rotate(ref, successor, trace),
    }),
  ),

  'rotates a key twice': mutant(claims('refuses a key whose successor lives'), (parts) =>
    predecessorAs(parts, ({ replacedBy: _, ...key }) => key),
  ),

  'takes a disabled successor for none': mutant(
    claims('refuses a key whose successor lives'),
    (parts) =>
      predecessorAs(parts, ({ replacedBy, ...key }) => {
        const next = replacedBy === undefined ? undefined : parts.tables.find({ id: replacedBy });
        return next?.enabled ? { ...key, replacedBy: next.id } : key;
      }),
  ),

  'rotates a key once, whatever became of its successor': mutant(
    claims(
      'applies again once the successor is revoked',
      'applies again once the successor has expired',
    ),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) =>
        tables.find(ref)?.replacedBy === undefined
          ? inner.rotate(ref, successor, trace)
          : { refused: 'replaced' },
    }),
  ),

  'does not rotate a successor': mutant(
    claims('applies to a successor in turn'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) =>
        tables.find(ref)?.replaces === undefined
          ? inner.rotate(ref, successor, trace)
          : { refused: 'replaced' },
    }),
  ),

  'takes over a taken digest': mutant(
    claims('rejects a taken digest or id and leaves everything as it was'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) => {
        const taken = tables.byDigest.get(successor.digest);
        if (taken) tables.changeDigest(taken, storedKey().digest);
        return inner.rotate(ref, successor, trace);
      },
    }),
  ),

  'links the predecessor to a successor that it rejects': mutant(
    claims('rejects a taken digest or id and leaves everything as it was'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace = traceOf()) => {
        const key = tables.find(ref);
        if (key && tables.find({ id: successor.id })) {
          tables.replace({ ...key, replacedBy: successor.id, replacedAt: trace.at });
        }
        return inner.rotate(ref, successor, trace);
      },
    }),
  ),
};
