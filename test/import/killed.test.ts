import { describe, expect, it } from 'vitest';
import { startEngine } from '../faults/engines.ts';
import { importKilled } from '../faults/import/killed.ts';
import { useGround } from '../faults/use-ground.ts';
import { postgresProgram } from '../servers/postgres.ts';

useGround();

describe('an import that is killed in the middle', () => {
  const missing = { sqlite: false, postgres: postgresProgram() === undefined };

  it.for(['sqlite', 'postgres'] as const)(
    'imports every key and every event once when it runs again, on %s',
    async (name, { skip }) => {
      if (missing[name]) skip();
      await using engine = await startEngine(name);
      const size = { keys: 20_000, owners: 40 };
      const { faults, present, imported } = await importKilled(await engine.database(), size);
      expect(faults).toEqual([]);
      expect(present).toBeGreaterThanOrEqual(size.keys / 2);
      expect(imported).toBeGreaterThan(0);
    },
  );
});
