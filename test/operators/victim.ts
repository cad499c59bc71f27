import { DatabaseSync } from 'node:sqlite';
import { createApiKeys, tokenFormat } from 'keywright';
import { revokeWhere } from 'keywright/operators';
import { sqliteStore } from 'keywright/sqlite';

// Revokes the keys of a creator in the database that the argument names, and is killed after some commits.
const database = new DatabaseSync(process.argv[2] ?? '', { timeout: 5000 });
const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live'] }),
  store: sqliteStore(database),
});
await revokeWhere(
  keys,
  { createdBy: 'user_eve' },
  {
    actor: { id: 'user_ada' },
    onProgress: ({ owners }) => {
      if (owners === 5) process.kill(process.pid, 'SIGKILL');
    },
  },
);
