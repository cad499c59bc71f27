import type { CreatedKey } from 'keywright';
import { addByOptions, addCommand, type Register } from '../command.ts';
import { note, print, printJson } from '../output.ts';
import { keyDetails, recordJson } from '../records.ts';
import { type ByOptions, byOf, withSession } from '../session.ts';
import { openSink, type TokenOptions, type TokenSink } from '../token.ts';
import { instant, jsonObject, wordList } from '../values.ts';

interface CreateOptions extends ByOptions, TokenOptions {
  readonly name: string;
  readonly owner: string;
  readonly environment?: string;
  readonly scopes: string[];
  readonly metadata?: Record<string, never>;
  readonly expires?: number;
}

export const create: Register = (program) => {
  const command = addCommand<CreateOptions>(program, {
    name: 'create',
    summary: 'Create a key.',
    action: ({ options }) =>
      withSession(options, async ({ keys, config }) => {
        const { name, owner, scopes, metadata, expires } = options;
        const { environment = config.format.environments[0] } = options;
        await deliver(await openSink(options), options, () =>
          keys.create({
            name,
            owner,
            environment,
            scopes,
            ...byOf(options, config),
            ...(metadata === undefined ? {} : { metadata }),
            ...(expires === undefined ? {} : { expiresAt: expires }),
          }),
        );
      }),
  })
    .requiredOption('--name <text>', 'a readable name of the key')
    .requiredOption('--owner <id>', 'the organization or account that the key belongs to')
    .option('--environment <name>', "default: the first of the format's")
    .option('--scopes <list>', 'separated by commas', wordList, [])
    .option('--metadata <json>', 'a JSON object', jsonObject)
    .option('--expires <time>', 'the first moment at which the key is refused', instant);
  addTokenOptions(addByOptions(command));
};

/** Adds `--reveal` and `--token-file`. */
export function addTokenOptions(command: ReturnType<typeof addByOptions>): void {
  command
    .option('--reveal', 'print the token, and nothing else, on standard output')
    .option('--token-file <path>', 'write the token to a new file that only you can read');
}

/** Creates a key, writes its token and prints its record. */
export async function deliver(
  sink: TokenSink,
  { json }: { readonly json?: boolean },
  issue: () => Promise<CreatedKey>,
): Promise<void> {
  const created = await issue().catch(async (error: unknown) => {
    await sink.discard();
    throw error;
  });
  const { secret, record } = created;
  if (json) {
    if (!sink.printed) await sink.write(secret, record.id);
    printJson({ ...(sink.printed ? { token: secret.reveal() } : {}), record: recordJson(record) });
    return;
  }
  await sink.write(secret, record.id);
  if (sink.printed) note(keyDetails(record));
  else print(keyDetails(record));
}
