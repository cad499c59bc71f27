import { describe, expect, it } from 'vitest';
import { deliverKilled } from '../faults/delivery/killed.ts';
import { startEngine } from '../faults/engines.ts';
import { useGround } from '../faults/use-ground.ts';
import { postgresProgram } from '../servers/postgres.ts';

useGround();

describe.skipIf(postgresProgram() === undefined)('deliverers that are killed', () => {
  it('miss no event of 16 writers with slow transactions, and keep the order of each owner', async () => {
    await using engine = await startEngine('postgres');
    const { faults, written, arrived, kills, late } = await deliverKilled(await engine.database());
    expect(faults).toEqual([]);
    // 8 plain writers of 8 events each, and 8 slow ones of 3 transactions with 2 events each.
    expect(written).toBe(8 * 8 + 8 * 6);
    expect(arrived).toBeGreaterThan(written);
    expect(kills).toBe(5);
    expect(late).toBeGreaterThanOrEqual(8);
  }, 300_000);
});
