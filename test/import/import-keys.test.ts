import { digestToken, type KeyStore, legacyFormat, memoryStore } from 'keywright';
import { type ImportCounts, type ImportRow, importKeys } from 'keywright/import';
import { describe, expect, it } from 'vitest';
import { actor, failureOf, format, makeKey, START, setUp } from '../support.ts';

const DAY = 86_400_000;
const old = legacyFormat({ prefix: 'old_', alphabet: 'alphanumeric', length: 20 });

/** The token of the nth key of the other system. */
const tokenOf = (n: number) => `old_${String(n).padStart(20, '0')}`;

function rowOf(n: number, fields: object = {}): ImportRow<'live' | 'test'> {
  const named = { name: `Key ${n}`, owner: 'org_1', environment: 'live' } as const;
  return { digest: digestToken(tokenOf(n)), ...named, ...fields };
}

/** A service that accepts tokens of the other system. */
const moving = (store?: KeyStore) => setUp({ legacy: [old], ...(store && { store }) });

describe('importKeys', () => {
  it('imports a key with all its fields, whose token then works', async () => {
    const { keys, store } = moving();
    const row = rowOf(1, {
      ...{ scopes: ['orders:read'], metadata: { plan: 'pro' }, hint: 'old_0000' },
      ...{ createdAt: START - 9 * DAY, lastUsedAt: new Date(START - DAY), expiresAt: START + DAY },
    });
    const report = await importKeys(keys, [row], { actor, reason: 'we move' });
    const counts = { read: 1, imported: 1, present: 0, different: 0, invalid: 0 };
    expect(report).toEqual({ ...counts, problems: [] });
    expect(await keys.verify(tokenOf(1))).toMatchObject({
      ok: true,
      principal: { owner: 'org_1' },
    });
    const { items } = await keys.list({ owner: 'org_1' });
    expect(items).toEqual([
      {
        ...{ id: expect.stringMatching(/^key_/), name: 'Key 1', owner: 'org_1' },
        ...{ environment: 'live', hint: 'old_0000', scopes: ['orders:read'] },
        ...{ metadata: { plan: 'pro' }, enabled: true, createdAt: START - 9 * DAY },
        ...{ createdBy: actor, expiresAt: START + DAY, lastUsedAt: START - DAY },
      },
    ]);
    const activity = await keys.activity({ owner: 'org_1' });
    const about = { action: 'key.imported', keyId: items[0]?.id, keyName: 'Key 1' };
    expect(activity.items).toMatchObject([{ ...about, actor, reason: 'we move', at: START }]);
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ ok: true });
    expect((await store.head('org_1')).sequence).toBe(1);
  });

  it.each([
    ['lower-case hex', (hex: string) => hex],
    ['upper-case hex', (hex: string) => hex.toUpperCase()],
    ['base64url', (hex: string) => Buffer.from(hex, 'hex').toString('base64url')],
    [
      'base64url with padding',
      (hex: string) => `${Buffer.from(hex, 'hex').toString('base64url')}=`,
    ],
  ])('takes a digest as %s', async (_, written) => {
    const { keys } = moving();
    const rows = Array.from({ length: 50 }, (_value, n) => {
      return rowOf(n, { digest: written(digestToken(tokenOf(n))) });
    });
    expect(await importKeys(keys, rows, { actor })).toMatchObject({ imported: 50, invalid: 0 });
    expect(await keys.verify(tokenOf(7))).toMatchObject({ ok: true });
  });

  it.each([
    ['revoked', { revokedAt: START - DAY }, 'revoked'],
    ['expired', { expiresAt: START - DAY }, 'expired'],
    ['disabled', { enabled: false }, 'disabled'],
  ])('imports a %s key as it is', async (_, fields, reason) => {
    const { keys } = moving();
    await importKeys(keys, [rowOf(1, fields)], { actor });
    expect(await keys.verify(tokenOf(1))).toEqual({ ok: false, reason });
    expect((await keys.list({ owner: 'org_1' })).items).toMatchObject([fields]);
  });

  it('rotates an imported key into the format of the service', async () => {
    const { keys } = moving();
    await importKeys(keys, [rowOf(1)], { actor });
    const [record] = (await keys.list({ owner: 'org_1' })).items;
    const { secret } = await keys.rotate(record?.id ?? '', { actor });
    expect(secret.reveal()).toMatch(/^prn_live_/);
  });

  it('changes nothing when it runs again', async () => {
    const { keys, store } = moving();
    const rows = Array.from({ length: 1200 }, (_, n) => {
      return rowOf(n, { owner: `org_${n % 3}`, metadata: { b: 1, a: 2 } });
    });
    expect(await importKeys(keys, rows, { actor })).toMatchObject({ imported: 1200, present: 0 });
    const heads = await Promise.all([0, 1, 2].map((n) => store.head(`org_${n}`)));
    const again = rows.map((row) => ({ ...row, metadata: { a: 2, b: 1 } }));
    const report = await importKeys(keys, again, { actor });
    expect(report).toMatchObject({ imported: 0, present: 1200, problems: [] });
    expect(await Promise.all([0, 1, 2].map((n) => store.head(`org_${n}`)))).toEqual(heads);
    expect(heads.map(({ sequence }) => sequence)).toEqual([400, 400, 400]);
  });

  it('goes on after a store that failed', async () => {
    const store = memoryStore();
    let commits = 0;
    const failing: KeyStore = {
      ...store,
      commit: async (change) => {
        if (++commits === 2) throw new Error('the disk is full');
        return store.commit(change);
      },
    };
    const rows = Array.from({ length: 1200 }, (_, n) => rowOf(n));
    const failure = await failureOf(() => importKeys(moving(failing).keys, rows, { actor }));
    expect(failure).toMatchObject({
      code: 'store_unavailable',
      cause: { message: 'the disk is full' },
    });
    const report = await importKeys(moving(store).keys, rows, { actor });
    expect(report).toMatchObject({ imported: 700, present: 500 });
    expect((await store.head('org_1')).sequence).toBe(1200);
  });

  it('reports a key that is there otherwise, and leaves it as it is', async () => {
    const { keys, store } = moving();
    await importKeys(keys, [rowOf(1), rowOf(2), rowOf(3)], { actor });
    const before = await keys.list({ owner: 'org_1' });
    const rows = [
      rowOf(1, { owner: 'org_2' }),
      rowOf(2, { name: 'Another', scopes: ['orders:read'], lastUsedAt: START }),
      rowOf(3, { revokedAt: START, expiresAt: START + DAY, enabled: false, environment: 'test' }),
      rowOf(4),
    ];
    const report = await importKeys(keys, rows, { actor });
    expect(report).toMatchObject({ imported: 1, present: 0, different: 3 });
    const fields = report.problems.map((problem) => ({ ...problem, keyId: 'key' }));
    const different = { kind: 'different', keyId: 'key' };
    expect(fields.sort((a, b) => a.row - b.row)).toEqual([
      { ...different, row: 1, fields: ['owner'] },
      { ...different, row: 2, fields: ['name', 'scopes'] },
      { ...different, row: 3, fields: ['environment', 'enabled', 'expiresAt', 'revokedAt'] },
    ]);
    expect((await keys.list({ owner: 'org_1' })).items.slice(-3)).toEqual(before.items.slice(-3));
    expect((await store.head('org_2')).sequence).toBe(0);
  });

  it('reports a digest that comes twice in one import', async () => {
    const { keys } = moving();
    const rows = [rowOf(1), rowOf(1), rowOf(1, { name: 'Another' }), rowOf(1, { owner: 'org_2' })];
    const report = await importKeys(keys, rows, { actor });
    expect(report).toMatchObject({ read: 4, imported: 1, present: 1, different: 2 });
  });

  it('never moves a digest of a key that the service itself created', async () => {
    const { keys } = moving();
    const { token, record } = await makeKey(keys);
    const rows = [rowOf(1, { digest: digestToken(token), owner: 'org_thief' })];
    const { problems } = await importKeys(keys, rows, { actor });
    const fields = ['owner', 'name'];
    expect(problems).toEqual([{ kind: 'different', row: 1, keyId: record.id, fields }]);
    expect(await keys.get(record.id)).toEqual(record);
  });

  it.each([
    ['row', 'no row'],
    ['row.key', { key: 'x' }],
    ['digest', { digest: 'abc' }],
    ['digest', { digest: undefined }],
    ['digest', { digest: `${'A'.repeat(42)}B` }],
    ['name', { name: '' }],
    ['owner', { owner: 7 }],
    ['environment', { environment: 'moon' }],
    ['scopes[0]', { scopes: ['two words'] }],
    ['metadata.at', { metadata: { at: Number.NaN } }],
    ['hint', { hint: 'x'.repeat(65) }],
    ['hint', { hint: tokenOf(1) }],
    ['enabled', { enabled: 'yes' }],
    ['createdAt', { createdAt: START + 1 }],
    ['createdAt', { createdAt: START / 1000 }],
    ['expiresAt', { expiresAt: '2026-01-31' }],
    ['revokedAt', { revokedAt: START + 1 }],
    ['lastUsedAt', { lastUsedAt: START + 1 }],
  ])('reports a row with a wrong %s, and imports the others', async (argument, wrong) => {
    const { keys } = moving();
    const row = typeof wrong === 'string' ? wrong : rowOf(1, wrong);
    const rows = [rowOf(2), row as ImportRow<'live'>, rowOf(3)];
    const report = await importKeys(keys, rows, { actor });
    expect(report).toMatchObject({ read: 3, imported: 2, invalid: 1 });
    const [problem] = report.problems;
    expect(problem).toMatchObject({ kind: 'invalid', row: 2, argument });
    expect(JSON.stringify(problem)).not.toContain(tokenOf(1));
  });

  it('lists a thousand problems, and tells of each', async () => {
    const { keys } = moving();
    const rows = Array.from({ length: 1001 }, (_, n) => rowOf(n, { digest: 'wrong' }));
    let told = 0;
    const report = await importKeys(keys, rows, { actor, onProblem: () => told++ });
    expect([report.invalid, report.problems.length, told]).toEqual([1001, 1000, 1001]);
  });

  it('reads an async iterable, holding few of its rows in memory, and tells its progress', async () => {
    const { keys } = moving();
    const counts: ImportCounts[] = [];
    let generated = 0;
    async function* rows() {
      for (; generated < 1700; generated++) yield rowOf(generated);
    }
    const onProgress = (progress: ImportCounts) => counts.push({ ...progress });
    await importKeys(keys, rows(), { actor, onProgress });
    expect(counts.map(({ imported }) => imported)).toEqual([500, 1000, 1500, 1700, 1700]);
    expect(counts.at(-1)).toMatchObject({ read: 1700, imported: 1700 });
  });

  it('rejects with what the source throws, once what it was writing is committed', async () => {
    const { keys, store } = moving();
    function* rows() {
      for (let n = 0; n < 600; n++) yield rowOf(n);
      throw new Error('the file is cut off');
    }
    const failure = await failureOf(() => importKeys(keys, rows(), { actor }));
    expect(failure).toMatchObject({ message: 'the file is cut off' });
    expect((await store.head('org_1')).sequence).toBe(500);
  });

  it.each([
    ['keys', [{}, [], { actor }]],
    ['keys', [moving().keys.forOwner('org_1'), [], { actor }]],
    ['actor', [moving().keys, [], {}]],
    ['options.dryRun', [moving().keys, [], { actor, dryRun: true }]],
    ['onProgress', [moving().keys, [], { actor, onProgress: 1 }]],
    ['onProblem', [moving().keys, [], { actor, onProblem: 1 }]],
  ])('refuses a wrong %s', async (argument, given) => {
    const [keys, rows, options] = given as unknown as Parameters<typeof importKeys>;
    const failure = await failureOf(() => importKeys(keys, rows, options));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument });
  });

  it('takes metadata by the schema of the service', async () => {
    const validate = (value: unknown) =>
      (value as { plan?: string }).plan === 'pro'
        ? { value: { plan: 'pro', seats: 1 } }
        : { issues: [{ message: 'no plan', path: ['plan'] }] };
    const metadata = { '~standard': { version: 1, vendor: 'test', validate } } as const;
    const { keys } = setUp({ format, metadata: metadata as never });
    const rows = [rowOf(1, { metadata: { plan: 'pro' } }), rowOf(2, { metadata: {} })];
    const report = await importKeys(keys, rows, { actor });
    expect(report.problems).toMatchObject([{ row: 2, argument: 'metadata.plan' }]);
    const { items } = await keys.list({ owner: 'org_1' });
    expect(items.map((record) => record.metadata)).toEqual([{ plan: 'pro', seats: 1 }]);
  });
});
