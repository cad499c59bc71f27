import { describe, expect, it } from 'vitest';
import { KnownHeads } from '../../src/rules/known-heads.ts';
import { OwnerQueue } from '../../src/rules/owner-queue.ts';

const head = (sequence: number) => ({ sequence, digest: 'a'.repeat(64) });

describe('KnownHeads', () => {
  it('returns the head that was set last, and none once it is deleted', () => {
    const heads = new KnownHeads();
    expect(heads.get('org_1')).toBeUndefined();
    heads.set('org_1', head(1));
    heads.set('org_1', head(2));
    heads.set('org_2', head(7));
    expect([heads.get('org_1'), heads.get('org_2')]).toEqual([head(2), head(7)]);
    heads.delete('org_1');
    expect([heads.get('org_1'), heads.get('org_2')]).toEqual([undefined, head(7)]);
  });

  it('keeps 10,000 owners, and drops the one that changed least recently', () => {
    const heads = new KnownHeads();
    for (let owner = 0; owner < 10_000; owner++) heads.set(`org_${owner}`, head(1));
    heads.set('org_0', head(2));
    heads.set('org_new', head(1));
    expect(heads.get('org_0')).toEqual(head(2));
    expect(heads.get('org_1')).toBeUndefined();
    expect(heads.get('org_2')).toEqual(head(1));
  });
});

describe('OwnerQueue', () => {
  it('runs work of one owner in turn, and tells who had to wait', async () => {
    const queue = new OwnerQueue();
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const first = queue.run('org_1', async (_queue, waited) => {
      seen.push(`first ${waited}`);
      await gate.promise;
      seen.push('first ends');
      throw new Error('failed');
    });
    const second = queue.run('org_1', async (_queue, waited) => {
      seen.push(`second ${waited}`);
      return 2;
    });
    expect(await queue.run('org_2', async (_queue, waited) => waited)).toBe(false);
    expect(seen).toEqual(['first false']);
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    expect(await second).toBe(2);
    expect(seen).toEqual(['first false', 'first ends', 'second true']);
    expect(await queue.run('org_1', async (_queue, waited) => waited)).toBe(false);
  });

  it('tells work that waits of contention, and not work that comes later', async () => {
    const queue = new OwnerQueue();
    const first = queue.run('org_1', async (queue) => {
      queue.isContended = true;
    });
    const ask = () => queue.run('org_1', async ({ isContended }) => isContended);
    const waiting = ask();
    await first;
    expect(await waiting).toBe(true);
    expect(await ask()).toBe(false);
  });
});
