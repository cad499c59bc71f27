import { apps, type Guarding } from './guards-apps.ts';
import { createKeys, emptyService } from './keys.ts';

// A server in a process of its own, so that its client takes no time from it. Tells its parent where
// it listens and which tokens it knows, and ends with it.
const [framework = '', kind = ''] = process.argv.slice(2);

const KEYS = 10_000;

async function guardingOf(): Promise<{ guarding: Guarding; tokens: readonly string[] }> {
  if (kind === 'bare') return { guarding: { kind }, tokens: [] };
  const keys = emptyService();
  const tokens: string[] = [];
  const count = kind === 'peer' ? 1 : KEYS;
  await createKeys(keys, { count, perOwner: 10 }, (token) => tokens.push(token));
  if (kind === 'guarded') return { guarding: { kind, keys }, tokens };
  if (kind === 'least') return { guarding: { kind, tokens }, tokens };
  return { guarding: { kind: 'peer', token: tokens[0] ?? '' }, tokens };
}

const { guarding, tokens } = await guardingOf();
const port = await apps[framework]?.(guarding);
process.once('disconnect', () => process.exit());
process.send?.({ port, tokens });
