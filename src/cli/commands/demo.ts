import { addCommand, type Register } from '../command.ts';
import { openDatabase } from '../database.ts';
import { portNumber } from '../values.ts';

interface DemoOptions {
  readonly port: number;
  readonly database?: string;
}

const DEFAULT_PORT = 8787;

export const demo: Register = (program) => {
  addCommand<DemoOptions>(program, {
    name: 'demo',
    summary: 'Serve an example with a dashboard, and print what to try on it; Ctrl-C ends it.',
    async action({ options }) {
      // Loaded here because it contains the dashboard, which no other command needs.
      const { startProon } = await import('../../../docs/examples/proon/start.ts');
      const { port, database: address = process.env.DATABASE_URL ?? 'sqlite:proon.db' } = options;
      const database = await openDatabase(address, { base: process.cwd(), create: true });
      await database.store.migrate?.();
      await startProon(database, port);
    },
  })
    .option('--port <n>', 'on the loopback interface; 0 takes a free one', portNumber, DEFAULT_PORT)
    .option('--database <address>', 'default: DATABASE_URL, or sqlite:proon.db');
};
