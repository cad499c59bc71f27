import { testKeyStore } from 'keywright/testing';
import { type Bar, exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { collect } from '../runtimes/collect.ts';
import type { Counts } from './checker.ts';

/** A figure of a set-up, with what its run counted. */
export interface SetupFigure extends Figure {
  /** The engine and its set-up. */
  readonly engine: string;
  readonly fault: string;
  /** Whether it is measured only where it is named. */
  readonly isNightly: boolean;
}

/** A measurement with its counts, which stand in columns of their own. */
export interface SetupMeasurement extends Measurement {
  readonly counts?: Counts;
}

interface SetupOptions {
  readonly engine: string;
  readonly fault: string;
  /** Default: no change lost, no revoked key accepted. `undefined`: named with its figures. */
  readonly bar?: Bar | undefined;
  readonly isNightly?: boolean;
}

/** Faults found: changes lost and accepts that began after `revoke()` had resolved. */
export function faultRun(
  id: string,
  options: SetupOptions,
  run: () => Promise<Counts>,
): SetupFigure {
  return figure(id, { bar: exactly(0), ...options }, 'lost or wrongly accepted', async () => {
    const counts = await run();
    return { value: counts.lost + counts.letIn, counts };
  });
}

/** Whether a set-up is refused: 1 if it is. */
export function refusal(
  id: string,
  options: SetupOptions,
  measure: () => Promise<Measurement>,
): SetupFigure {
  return figure(id, { ...options, bar: exactly(1) }, 'refused', measure);
}

type KeyStoreArguments = Parameters<typeof testKeyStore>;

/** How many checks of the conformance suite fail on a set-up. */
export function conformance(
  id: string,
  engine: string,
  setUp: (resources: AsyncDisposableStack) => Promise<[KeyStoreArguments[0], KeyStoreArguments[2]]>,
): SetupFigure {
  const what = 'none: the conformance suite';
  const options = { engine, fault: what, bar: exactly(0), isNightly: true };
  return figure(id, options, 'checks that fail', async () => {
    await using resources = new AsyncDisposableStack();
    const [open, traits] = await setUp(resources);
    const { passed, failed } = await collect((runner) => testKeyStore(open, runner, traits));
    if (passed === 0) throw new Error('no check passed');
    return { value: failed, note: `${passed} checks passed` };
  });
}

function figure(
  id: string,
  { engine, fault, bar, isNightly = false }: SetupOptions,
  counted: string,
  measure: () => Promise<SetupMeasurement>,
): SetupFigure {
  const title = `${engine}; ${fault}: ${counted}`;
  return { id, engine, fault, isNightly, title, unit: '', measure, ...(bar && { bar }) };
}
