import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureOf, makeKey, START, setUp } from '../support.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const failure = new Error('connection reset');

describe('a failing flush', () => {
  it('rejects, and keeps unwritten uses for the next flush', async () => {
    const { keys, store } = setUp();
    const { token, record } = await makeKey(keys);
    const recorded = vi.spyOn(store, 'recordUsage').mockRejectedValueOnce(failure);
    await keys.verify(token);
    expect(await failureOf(() => keys.flush())).toBe(failure);
    await keys.flush();
    expect(recorded.mock.calls[1]).toEqual([new Map([[record.id, START]])]);
    expect((await keys.get(record.id))?.lastUsedAt).toBe(START);
    await keys.close();
  });

  it('keeps a newer use that was noted meanwhile', async () => {
    const { keys, store, time } = setUp();
    const { token, record } = await makeKey(keys);
    const writing = Promise.withResolvers<void>();
    const recorded = vi.spyOn(store, 'recordUsage').mockReturnValueOnce(writing.promise);
    await keys.verify(token);
    const flushed = failureOf(() => keys.flush());
    await expect.poll(() => recorded).toHaveBeenCalled();
    time.now = START + 1000;
    await keys.verify(token);
    writing.reject(failure);
    await flushed;
    await keys.close();
    expect((await keys.get(record.id))?.lastUsedAt).toBe(START + 1000);
  });

  it('keeps the unwritten use over an older one, noted after the clock was set back', async () => {
    const { keys, store, time } = setUp();
    const { token, record } = await makeKey(keys);
    const writing = Promise.withResolvers<void>();
    const recorded = vi.spyOn(store, 'recordUsage').mockReturnValueOnce(writing.promise);
    await keys.verify(token);
    const flushed = failureOf(() => keys.flush());
    await expect.poll(() => recorded).toHaveBeenCalled();
    time.now = START - 1000;
    await keys.verify(token);
    writing.reject(failure);
    await flushed;
    await keys.close();
    expect((await keys.get(record.id))?.lastUsedAt).toBe(START);
  });

  it('keeps the batches not yet written, and writes no batch twice', async () => {
    const { keys, store } = setUp();
    const recorded = vi.spyOn(store, 'recordUsage');
    for (let count = 0; count < 2100; count++) await keys.verify((await makeKey(keys)).token);
    recorded.mockResolvedValueOnce().mockRejectedValueOnce(failure);
    expect(await failureOf(() => keys.flush())).toBe(failure);
    await keys.close();
    const batches = recorded.mock.calls.map(([batch]) => [...batch.keys()]);
    expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 1000, 100]);
    const [written = [], failed = [], ...rest] = batches;
    expect(new Set([...written, ...rest.flat()]).size).toBe(2100);
    expect(rest.flat()).toEqual(expect.arrayContaining(failed));
  });

  it('emits usage_failed in the background, and is retried', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { keys, store, events, time } = setUp({ usageFlushMs: 1000 });
    const { token, record } = await makeKey(keys);
    const recorded = vi.spyOn(store, 'recordUsage').mockRejectedValueOnce(failure);
    await keys.verify(token);
    events.length = 0;
    time.now = START + 1000;
    await vi.advanceTimersByTimeAsync(1000);
    expect(events).toEqual([{ type: 'usage_failed', at: START + 1000, error: failure }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(recorded).toHaveBeenCalledTimes(2);
    expect((await keys.get(record.id))?.lastUsedAt).toBe(START);
    expect(events).toHaveLength(1);
  });

  it('emits usage_failed even if the clock throws', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const clock = { now: () => START };
    const { keys, store, events } = setUp({ clock, usageFlushMs: 1000 });
    const { token } = await makeKey(keys);
    vi.spyOn(store, 'recordUsage').mockRejectedValueOnce(failure);
    await keys.verify(token);
    events.length = 0;
    clock.now = () => {
      throw new Error('no clock');
    };
    await vi.advanceTimersByTimeAsync(1000);
    expect(events).toMatchObject([{ type: 'usage_failed', error: failure }]);
  });

  it('rejects if the store does not answer in `storeTimeoutMs`', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { keys, store } = setUp({ storeTimeoutMs: 20 });
    const { token, record } = await makeKey(keys);
    vi.spyOn(store, 'recordUsage').mockReturnValueOnce(new Promise(() => {}));
    await keys.verify(token);
    const outcome = failureOf(() => keys.flush());
    await vi.advanceTimersByTimeAsync(20);
    expect(await outcome).toMatchObject({ code: 'store_unavailable' });
    await keys.close();
    expect((await keys.get(record.id))?.lastUsedAt).toBe(START);
  });

  it('rejects if the store throws instead of rejecting', async () => {
    const { keys, store } = setUp();
    const { token } = await makeKey(keys);
    vi.spyOn(store, 'recordUsage').mockImplementationOnce(() => {
      throw failure;
    });
    await keys.verify(token);
    expect(await failureOf(() => keys.flush())).toBe(failure);
    await keys.flush();
  });
});

describe('a process that has nothing else to do', () => {
  const built = process.env.KEYWRIGHT_DIST === '1';
  const entry = new URL(built ? '../../dist/index.js' : '../../src/index.ts', import.meta.url);

  /** How a program ends. One that lingers is killed long before its timers of 600 s, without a code. */
  function run(program: string): Promise<{ code: number | null; out: string }> {
    const source = `import { createApiKeys, memoryStore, tokenFormat } from ${JSON.stringify(entry)};
      const format = tokenFormat({ brand: 'prn', environments: ['live'] });
      const actor = { id: 'user_1' };
      const newKey = { name: 'Zapier', owner: 'org_1', environment: 'live', actor };
      ${program}
      console.log('done');`;
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        timeout: 90_000,
      });
      let out = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          out += chunk;
        });
      }
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, out }));
    });
  }

  it.each([
    [
      'with uses that are noted and not written',
      `const keys = createApiKeys({ format, store: memoryStore(), usageFlushMs: 600_000 });
       const { secret } = await keys.create(newKey);
       if (!(await keys.verify(secret.reveal())).ok) throw new Error('refused');`,
    ],
    [
      'with a store that answers in time',
      `const store = memoryStore();
       const slow = { ...store, findByDigest: async (digest) => store.findByDigest(digest) };
       const keys = createApiKeys({ format, store: slow, storeTimeoutMs: 600_000 });
       const { secret, record } = await keys.create(newKey);
       if (!(await keys.verify(secret.reveal())).ok) throw new Error('refused');
       await keys.rotate(record.id, { actor });
       await keys.list({ owner: 'org_1' });
       await keys.verifyActivity({ owner: 'org_1' });`,
    ],
    [
      'with a flush that failed',
      `const failing = async () => { throw new Error('connection reset'); };
       const store = { ...memoryStore(), recordUsage: failing };
       const keys = createApiKeys({ format, store, usageFlushMs: 600_000 });
       const { secret } = await keys.create(newKey);
       await keys.verify(secret.reveal());
       await keys.flush().catch(() => {});`,
    ],
  ])('ends at once %s', async (_, program) => {
    expect(await run(program)).toEqual({ code: 0, out: 'done\n' });
  });
});
