import { identifyToken } from 'keywright/operators';
import { addCommand, type Register } from '../command.ts';
import { CliError, EXIT } from '../errors.ts';
import { print, printJson } from '../output.ts';
import { keyDetails, recordJson } from '../records.ts';
import { withSession } from '../session.ts';
import { readToken } from '../token.ts';

export const identify: Register = (program) => {
  addCommand(program, {
    name: 'identify',
    summary:
      'Show which key a token belongs to, in any state; reads the token from standard input.',
    action: ({ options }) =>
      withSession(options, async ({ keys }) => {
        const record = await identifyToken(keys, await readToken());
        if (record === undefined) {
          throw new CliError(EXIT.notFound, 'key_not_found', 'No key has this token');
        }
        if (options.json) printJson(recordJson(record));
        else print(keyDetails(record));
      }),
  });
};
