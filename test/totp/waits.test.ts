import { memoryStore } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';
import { describe, expect, it } from 'vitest';
import { sqliteFile } from '../stores/sql/sqlite-file.ts';
import { authenticator, enrolled, site, tries, wrongCode } from './support.ts';

const wrong = { status: 403, json: { error: 'wrong_code' } };
const blocked = { status: 429, json: { error: 'too_many_attempts' } };

describe('a wait', () => {
  it('is one for all processes, and a restart does not end it', async () => {
    const file = sqliteFile();
    const open = async () => {
      const store = sqliteStore(file.connect());
      await store.migrate();
      return store;
    };
    try {
      const [one, two] = [await site({ store: await open() }), await site({ store: await open() })];
      const { uri, code } = await enrolled(one);
      two.time.now = one.time.now;
      const guess = wrongCode(uri, one.time.now);
      for (let i = 0; i < 5; i++) {
        const person = (i % 2 === 0 ? one : two).person();
        expect(await person.factor('verify', guess)).toMatchObject(wrong);
      }
      expect(await one.person().factor('verify', code())).toMatchObject(blocked);
      expect(await two.person().factor('verify', code())).toMatchObject(blocked);

      const restarted = await site({ store: await open() });
      restarted.time.now = one.time.now + 29_999;
      const again = authenticator(uri).codeAt(restarted.time.now);
      expect(await restarted.person().factor('verify', again)).toMatchObject(blocked);
      restarted.time.now += 1;
      expect(await restarted.person().factor('verify', again)).toMatchObject({ status: 200 });
    } finally {
      file.remove();
    }
  });

  it('is no matter of the process on a store in memory either', async () => {
    const store = memoryStore();
    const one = await site({ store });
    const { uri, code } = await enrolled(one);
    await tries(
      one.person(),
      Array.from({ length: 5 }, () => wrongCode(uri, one.time.now)),
    );
    const two = await site({ store });
    two.time.now = one.time.now;
    expect(await two.person().factor('verify', code())).toMatchObject(blocked);
  });
});
