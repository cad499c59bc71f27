import { addByOptions, addCommand, type Register } from '../command.ts';
import { type ByOptions, byOf, withSession } from '../session.ts';
import { openSink, type TokenOptions } from '../token.ts';
import { duration, instantOrNever } from '../values.ts';
import { addTokenOptions, deliver } from './create.ts';

interface RotateOptions extends ByOptions, TokenOptions {
  readonly owner?: string;
  readonly grace?: number;
  readonly expires?: number | null;
}

export const rotate: Register = (program) => {
  const command = addCommand<RotateOptions>(program, {
    name: 'rotate <id>',
    summary:
      'Create a successor of a key; the old key works on until it is revoked or its grace ends.',
    action: ({ options, args: [id = ''] }) =>
      withSession(options, async ({ keys, config }) => {
        const { owner, grace, expires } = options;
        const target = owner === undefined ? keys : keys.forOwner(owner);
        await deliver(await openSink(options), options, () =>
          target.rotate(id, {
            ...byOf(options, config),
            ...(grace === undefined ? {} : { graceMs: grace }),
            ...(expires === undefined ? {} : { expiresAt: expires }),
          }),
        );
      }),
  })
    .option('--owner <id>', "fail unless the key is this owner's")
    .option('--grace <duration>', 'how long the old key still works: 90s, 30m, 12h, 7d', duration)
    .option('--expires <time>', 'when the new key expires, or "never"', instantOrNever);
  addTokenOptions(addByOptions(command));
};
