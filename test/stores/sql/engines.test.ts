import { afterAll, describe } from 'vitest';
import { testAtomicity } from './atomicity-checks.ts';
import { mariadbEngine } from './mariadb-engine.ts';
import { testMigrations } from './migration-checks.ts';
import { postgresEngine } from './postgres-engine.ts';
import { sqliteEngine } from './sqlite-engine.ts';
import { sqliteClients } from './sqlite-file.ts';
import { testStatements } from './statement-checks.ts';

const engines = [
  ...sqliteClients.map(sqliteEngine),
  ...(await Promise.all([postgresEngine(), mariadbEngine()])),
];
afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

for (const engine of engines) {
  describe.skipIf(!engine.installed)(engine.name, () => {
    describe('statements', () => testStatements(engine));
    describe('a change', () => testAtomicity(engine));
    describe('migrations', () => testMigrations(engine));
  });
}
