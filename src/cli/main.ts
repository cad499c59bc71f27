#!/usr/bin/env node
import { registerPeers } from './peers.ts';
import { hideExperimentalWarnings } from './warnings.ts';

// Runs first, because the other modules load stores that import these packages.
registerPeers();
hideExperimentalWarnings();
const { run } = await import('./run.ts');
const code = await run(process.argv.slice(2));
// Exit explicitly, because a configuration file may have left a pool open. Flush the pipes first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
