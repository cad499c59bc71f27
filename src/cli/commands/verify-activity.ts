import { InvalidArgumentError } from 'commander';
import type { ChainHead } from 'keywright';
import { addCommand, type Register } from '../command.ts';
import { EXIT } from '../errors.ts';
import { note, print, printJson } from '../output.ts';
import { withSession } from '../session.ts';

interface VerifyOptions {
  readonly owner: string;
  readonly expectedHead?: ChainHead;
}

export const verifyActivity: Register = (program, exitWith) => {
  addCommand<VerifyOptions>(program, {
    name: 'verify-activity',
    summary: "Check an owner's activity log for events that are missing or altered.",
    action: ({ options }) =>
      withSession(options, async ({ keys }) => {
        const { owner, expectedHead, json } = options;
        const chain = expectedHead === undefined ? { owner } : { owner, expectedHead };
        const report = await keys.verifyActivity(chain);
        if (!report.ok) exitWith(EXIT.faulty);
        if (json) {
          printJson(report);
        } else if (report.ok) {
          const { head, erased } = report;
          note(`${head.sequence} events, all as written; ${erased} with personal data erased`);
          print(`${head.sequence}:${head.digest}`);
        } else {
          note(`Event ${report.sequence} is ${report.reason}`);
        }
      }),
  })
    .requiredOption('--owner <id>', 'whose activity log')
    .option('--expected-head <head>', 'what an earlier run printed, kept elsewhere', chainHead);
};

/** The head as this command prints it: the sequence, a colon and the digest. */
function chainHead(text: string): ChainHead {
  const [, sequence, digest] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || digest === undefined) {
    throw new InvalidArgumentError('Write it as this command prints it: 12:0f3a…');
  }
  return { sequence: Number(sequence), digest };
}
