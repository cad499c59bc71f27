import type { KeyStore, StoredKey } from 'keywright';
import { memoryStore } from 'keywright';
import { storedKey, successor, trace } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { changing } from '../stores/sql/changing.ts';
import { type Outcome, faultIn as roundFault } from './contenders/verdict.ts';
import { figureFiles } from './faults.ts';
import { counted } from './flood/counted.ts';
import { malformed } from './flood/malformed.ts';
import { attemptIn } from './full/attempts.ts';
import { contradictionIn, type Holdings, holdingsOf } from './holdings.ts';
import { fateIn, readTestament } from './kill/testament.ts';
import { killOnSqlite } from './kill.ts';
import { serviceOver } from './operations.ts';
import { useGround } from './use-ground.ts';

useGround();

describe('the fault runs', () => {
  it('has figures with unique ids and bars', async () => {
    const loaded = await Promise.all(figureFiles.map((load) => load()));
    const figures = loaded.flatMap((file) => file.figures);
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
    expect(figures.filter(({ bar }) => bar === undefined)).toEqual([]);
  });
});

describe('the kills', () => {
  it('catches a store that commits key and event apart, and passes one that does not', async () => {
    const torn = new URL('./kill/torn-victim.ts', import.meta.url).href;
    expect((await killOnSqlite(12, torn)).faults.join()).toMatch(/the chain: missing/);
    const sound = await killOnSqlite(2);
    expect(sound.faults).toEqual([]);
    expect(sound.committed + sound.absent).toBeGreaterThanOrEqual(2);
  });

  it('distinguishes a kill during a change from one between two, and finds lost acknowledged changes', () => {
    const [first, second] = [
      { action: 'create', id: 'a' },
      { action: 'revoke', id: 'a' },
    ] as const;
    const lines = [`begin ${JSON.stringify(first)}`, 'end', `begin ${JSON.stringify(second)}`];
    const testament = readTestament(`${lines.join('\n')}\n`);
    expect(testament).toEqual({ done: [first], during: second });
    expect(readTestament(`${lines.slice(0, 2).join('\n')}\n`)).toEqual({ done: [first] });
    expect(fateIn(testament, [first])).toBe('absent');
    expect(fateIn(testament, [first, second])).toBe('committed');
    expect(fateIn(testament, [])).toHaveProperty('fault');
    expect(readTestament('begin {}\nfailed "why"\n')).toMatchObject({ failure: 'why' });
  });
});

/** A key that was rotated and then revoked, as the store has it. */
async function story(): Promise<{ key: StoredKey; next: string; holdings: Holdings }> {
  const store = memoryStore();
  const [key, next] = [storedKey(), successor()];
  const changes = changing(store);
  await changes.create(key, trace());
  await changes.rotate({ id: key.id }, next, trace());
  await changes.revoke({ id: key.id }, trace());
  return { key, next: next.id, holdings: await holdingsOf(store, key.owner) };
}

describe('the comparison of keys and events', () => {
  it('finds either that is there without the other', async () => {
    const { key, holdings } = await story();
    const { keys, events } = holdings;
    expect(contradictionIn(holdings)).toBeUndefined();
    const without = (index: number) => events.filter((_, i) => i !== index);
    for (const i of events.keys()) {
      expect(contradictionIn({ keys, events: without(i) }), `event ${i}`).toBeDefined();
    }
    for (const lost of keys) {
      const left = keys.filter((kept) => kept !== lost);
      expect(contradictionIn({ keys: left, events })).toMatch(/without it/);
    }
    const { revokedAt: _, ...alive } = keys.find(({ id }) => id === key.id) as StoredKey;
    const back = keys.map((kept) => (kept.id === key.id ? alive : kept));
    expect(contradictionIn({ keys: back, events })).toMatch(/not as its events tell/);
  });
});

describe('the verdict on a round of contenders', () => {
  it('holds for one successor and one revocation, and for nothing else', async () => {
    const { key, next, holdings } = await story();
    const rotated: Outcome = { move: 'rotate', successorId: next };
    const told: Outcome[] = [
      rotated,
      { move: 'revoke' },
      { move: 'rotate', refused: 'key_revoked' },
    ];
    expect(roundFault(key.id, told, holdings)).toBeUndefined();
    const twice = [...told, { move: 'rotate', successorId: 'other' } as const];
    expect(roundFault(key.id, twice, holdings)).toMatch(/2 successors/);
    expect(roundFault(key.id, told.slice(1), holdings)).toMatch(/the log has/);
    expect(roundFault(key.id, [...told, { move: 'revoke', failure: 'let in' }], holdings)).toBe(
      'let in',
    );
  });
});

describe('the attempts on a full disk', () => {
  const none = async () => {};
  const lose = async () => ({ status: 'committed', watchedMs: 0 }) as const;
  const full = () => Promise.reject(new Error('disk full'));

  /** A store that refuses while `state.full`, unless a fault makes it do otherwise. */
  function fillable(fault: Partial<KeyStore> = {}) {
    const [state, inner] = [{ full: false }, memoryStore()];
    const store: KeyStore = {
      ...inner,
      commit: (change) => (state.full ? (fault.commit ?? full)(change) : inner.commit(change)),
    };
    const trouble = {
      begin: async () => void Object.assign(state, { full: true }),
      end: async () => void Object.assign(state, { full: false }),
    };
    return { inner, store, trouble };
  }

  it('passes a store that refuses', async () => {
    const { store, inner, trouble } = fillable();
    const { faults, refused, shown } = await attemptIn(trouble, store, inner);
    expect({ faults, refused }).toEqual({ faults: [], refused: 40 });
    expect(shown).toBe(40);
  });

  it('catches a store that shows tokens of keys that it has not stored', async () => {
    const { store, inner, trouble } = fillable({ commit: lose });
    const { faults } = await attemptIn(trouble, store, inner);
    expect(faults.join()).toMatch(/shown without its key/);
  });

  it('fails if nothing was refused', async () => {
    const { inner } = fillable();
    const work = attemptIn({ begin: none, end: none }, inner, inner, 200);
    await expect(work).rejects.toThrow(/kept nothing/);
  });
});

describe('the flood', () => {
  it('counts what a store is asked, and is of nothing but malformed tokens', async () => {
    const { store, count } = counted(memoryStore());
    const keys = serviceOver(store);
    for (let i = 0; i < 100; i++) {
      expect(await keys.verify(malformed(i))).toEqual({ ok: false, reason: 'malformed' });
    }
    expect(count()).toBe(0);
    await keys.verify(`prn_live_${'A'.repeat(55)}`);
    expect(count()).toBe(1);
  });
});
