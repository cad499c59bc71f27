import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from 'keywright';
import { openStore } from '../open-store.ts';
import { actor, type Service, serviceOver } from '../operations.ts';
import type { Move, Outcome } from './verdict.ts';

/** A round for the contenders of this process: what each of them does to the one key. */
export interface Bout {
  readonly id: string;
  readonly token: string;
  readonly moves: readonly Move[];
}

/** Within so many milliseconds all contenders begin, so that now one and now the other comes first. */
const SPREAD_MS = 5;

const [address = ''] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
const { store } = await openStore(address);
const keys = serviceOver(store);
process.on('message', async (bout: Bout) => {
  process.send?.(await Promise.all(bout.moves.map((move) => make(keys, bout, move))));
});
process.send?.('ready');

async function make(keys: Service, bout: Bout, move: Move): Promise<Outcome> {
  await pause(Math.random() * SPREAD_MS);
  try {
    if (move === 'revoke') return await revoke(keys, bout);
    return { move, successorId: (await keys.rotate(bout.id, { actor })).record.id };
  } catch (error) {
    return { move, ...refusalOf(error) };
  }
}

/** Revokes, and tries at once what a revoked key must not be good for. */
async function revoke(keys: Service, { id, token }: Bout): Promise<Outcome> {
  await keys.revoke(id, { actor });
  const verification = await keys.verify(token);
  if (verification.ok) return { move: 'revoke', failure: 'the key was let in once revoked' };
  const late = await keys.rotate(id, { actor }).then(
    () => ({ failure: 'the key was rotated once revoked' }),
    (error: unknown) => refusalOf(error),
  );
  if ('failure' in late) return { move: 'revoke', failure: late.failure };
  if (late.refused !== 'key_revoked') return { move: 'revoke', failure: `told ${late.refused}` };
  return { move: 'revoke' };
}

function refusalOf(error: unknown): { refused: string } | { failure: string } {
  for (const code of ['key_revoked', 'key_replaced'] as const) {
    if (hasCode(error, code)) return { refused: code };
  }
  return { failure: String(error) };
}
