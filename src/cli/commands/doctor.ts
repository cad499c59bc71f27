import { checkStore, digestToken, systemClock } from 'keywright';
import { addCommand, type Register } from '../command.ts';
import { readConfig } from '../config.ts';
import { EXIT, messageOf } from '../errors.ts';
import { paint, printJson, printTable } from '../output.ts';
import { openConfigured, type Session, serviceOf } from '../session.ts';

/** The result of one check. */
interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
}

/** A check of the open store. It returns the detail to print, and throws if the check fails. */
interface Check {
  readonly check: string;
  run(session: Session): Promise<{ readonly skipped?: true; readonly detail: string }>;
}

/** With a larger difference, keys visibly expire too early or too late. */
const MAX_SKEW_MS = 5000;
/** No correct clock shows a time before this version was written. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
const COLOURS = { ok: 'green', failed: 'red', skipped: 'yellow' } as const;
/** An owner without keys, so that the checks read nothing. */
const OWNER = 'keywright-doctor';

/** In this order. After a failed check, the remaining ones do not run. */
const CHECKS: readonly Check[] = [
  {
    check: 'database',
    async run({ place, serverTime }) {
      await serverTime?.();
      return { detail: place };
    },
  },
  {
    check: 'tables',
    async run({ keys, store, place }) {
      try {
        await store.findByDigest(digestToken(OWNER));
        await keys.list({ owner: OWNER });
        await keys.activity({ owner: OWNER });
        await keys.verifyActivity({ owner: OWNER });
      } catch (error) {
        const advice = store.migrate === undefined ? '' : 'run "keywright migrate"; ';
        throw new Error(`${place} does not answer: ${advice}${messageOf(error)}`);
      }
      return { detail: 'a look-up, the keys, the activity and its chain can be read' };
    },
  },
  {
    check: 'settings',
    async run({ store }) {
      const findings = await checkStore(store);
      const text = findings.map(({ message, remedy }) => `${message}: ${remedy}`).join('; ');
      if (findings.some(({ severity }) => severity === 'refuse')) throw new Error(text);
      const [first] = findings;
      if (first?.code === 'not_inspected') return { skipped: true, detail: text };
      return { detail: first ? `warning: ${text}` : 'the promises hold on these settings' };
    },
  },
  {
    check: 'clock',
    async run({ serverTime }) {
      const before = systemClock.now();
      if (before < EARLIEST_MS) throw new Error('the clock of this machine is years behind');
      if (serverTime === undefined) return { skipped: true, detail: 'no server to compare with' };
      const theirs = await serverTime();
      const after = systemClock.now();
      const skew = theirs < before ? theirs - before : Math.max(0, theirs - after);
      const detail = `${Math.round(Math.abs(skew))} ms ${skew < 0 ? 'ahead of' : 'behind'} the database`;
      if (Math.abs(skew) > MAX_SKEW_MS) throw new Error(`the clock of this machine is ${detail}`);
      return { detail: skew === 0 ? 'agrees with the database' : detail };
    },
  },
];

export const doctor: Register = (program, exitWith) => {
  addCommand(program, {
    name: 'doctor',
    summary: 'Check the configuration, the database, its tables and the clock.',
    async action({ options }) {
      const findings = await examine(options.config);
      const ok = findings.every(({ result }) => result !== 'failed');
      if (options.json) printJson({ ok, checks: findings });
      else {
        const rows = findings.map(({ check, result, detail }) => [
          check,
          paint(COLOURS[result], result),
          detail,
        ]);
        printTable(['check', 'result', 'detail'], rows);
      }
      if (!ok) exitWith(EXIT.faulty);
    },
  });
};

async function examine(given: string | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const config = await readConfig(given);
    const detail = config.file ?? 'the environment';
    findings.push({ check: 'configuration', result: 'ok', detail });
    const database = await openConfigured(config, false);
    try {
      const session = { ...database, keys: serviceOf(config, database), config };
      for (const { check, run } of CHECKS) {
        const finding = await run(session).catch((error: unknown) => messageOf(error));
        if (typeof finding === 'string') {
          return [...findings, { check, result: 'failed', detail: finding }];
        }
        const { skipped, detail } = finding;
        findings.push({ check, result: skipped ? 'skipped' : 'ok', detail });
      }
    } finally {
      await database.close();
    }
    return findings;
  } catch (error) {
    const check = findings.length === 0 ? 'configuration' : 'database';
    return [...findings, { check, result: 'failed', detail: messageOf(error) }];
  }
}
