import { databaseOf, portOf } from './environment.ts';
import { startProon } from './start.ts';
import { openStore } from './store.ts';

try {
  const port = portOf(process.env.PORT);
  await startProon(await openStore(databaseOf(process.env.DATABASE_URL)), port);
} catch (error) {
  // What is wrong with the environment fits in a line.
  console.error((error as Error).message);
  process.exitCode = 1;
}
