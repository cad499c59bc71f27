import { type KeyStore, memoryStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import { sqliteStore } from 'keywright/sqlite';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../servers/postgres.ts';
import { sqliteFile } from '../stores/sql/sqlite-file.ts';
import {
  actionsOf,
  authenticator,
  enrolled,
  type Person,
  type Site,
  site,
  wrongCode,
} from './support.ts';

const server = await startPostgres();
const connectionString = await server?.database();
const [pool, beside] = [new pg.Pool({ connectionString }), new pg.Pool({ connectionString })];
const file = sqliteFile();
afterAll(async () => {
  await Promise.all([pool.end(), beside.end()]);
  await server?.stop();
  file.remove();
});

/** Two handles on the same data, as two processes have them. */
const STORES: Readonly<Record<string, () => Promise<[KeyStore, KeyStore]>>> = {
  async memory() {
    const store = memoryStore();
    return [store, store];
  },
  async SQLite() {
    const [one, two] = [sqliteStore(file.connect()), sqliteStore(file.connect())];
    await one.migrate();
    return [one, two];
  },
  async PostgreSQL() {
    const [one, two] = [postgresStore(pool), postgresStore(beside)];
    await one.migrate();
    return [one, two];
  },
};

const stores = Object.entries(STORES).filter(([name]) => server || name !== 'PostgreSQL');

describe.each(stores)('over %s', (_name, open) => {
  /** Two processes, and somebody of the given name at them by turns. */
  async function processes(name: string, count = 20) {
    const [first, second] = await open();
    const [one, two] = [await site({ store: first }), await site({ store: second })];
    const people = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? one : two).person(name));
    return { one, two, people, ready: () => alike(one, two) };
  }

  const at20 = (people: readonly Person[], operation: string, code: string) =>
    Promise.all(people.map(async (person) => (await person.factor(operation, code)).status));

  const count = (statuses: readonly number[], status: number) =>
    statuses.filter((found) => found === status).length;

  it('passes one code once, presented twenty times at once', async () => {
    const { one, people, ready } = await processes('ada');
    const { code } = await enrolled(one);
    ready();
    const before = await actionsOf(one.store);
    const statuses = await at20(people, 'verify', code());
    expect([count(statuses, 200), count(statuses, 403)]).toEqual([1, 19]);
    const allowed = await Promise.all(people.map((person) => person.create()));
    expect(count(allowed, 201)).toBe(1);
    const after = (await actionsOf(one.store)).slice(before.length);
    expect(after).toEqual(['factor.passed', 'key.created']);
  });

  it('passes one recovery code once, presented twenty times at once', async () => {
    const { one, people, ready } = await processes('grace');
    const { recoveryCodes, person } = await enrolled(one, 'grace');
    ready();
    const statuses = await at20(people, 'verify', recoveryCodes[3] ?? '');
    expect([count(statuses, 200), count(statuses, 403)]).toEqual([1, 19]);
    expect(await person.status()).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('counts five of twenty wrong codes at once, and refuses fifteen by lockout', async () => {
    const { one, people, ready } = await processes('mallory');
    const { uri, code, person } = await enrolled(one, 'mallory');
    ready();
    const before = await actionsOf(one.store, 'org_2');
    const statuses = await at20(people, 'verify', wrongCode(uri, one.time.now));
    expect([count(statuses, 403), count(statuses, 429)]).toEqual([5, 15]);
    expect((await actionsOf(one.store, 'org_2')).slice(before.length)).toEqual([
      ...Array.from({ length: 4 }, () => 'factor.failed'),
      'factor.locked',
    ]);
    expect(await person.factor('verify', code())).toMatchObject({ status: 429 });
  });

  it('shows recovery codes once for an enrollment that is confirmed twenty times at once', async () => {
    const { one, people, ready } = await processes('newcomer');
    const { uri } = (await one.person('newcomer').factor('enroll')).factor;
    ready();
    const statuses = await at20(people, 'confirm', authenticator(uri).codeAt(one.time.now));
    expect([count(statuses, 200), count(statuses, 409)]).toEqual([1, 19]);
  });
});

/** Both processes have the same time. */
function alike(one: Site, two: Site): void {
  two.time.now = one.time.now;
}
