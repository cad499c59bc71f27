import { inspect } from 'node:util';
import { memoryStore } from 'keywright';
import { createTotp } from 'keywright/totp';
import { describe, expect, it, vi } from 'vitest';
import { failureOf } from '../support.ts';
import { enrolled, factorIn, KEY, type Person, putFactor, site } from './support.ts';

/** A person who notes all that is answered, headers too. */
function listening(person: Person, heard: string[]): Person['factor'] {
  return async (operation, code) => {
    const answer = await person.factor(operation, code);
    heard.push(answer.text, JSON.stringify([...answer.headers]));
    return answer;
  };
}

describe('secret, codes and key', () => {
  it('keeps secret, codes and key out of events, errors, logs and later responses', async () => {
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name),
    );
    const store = memoryStore();
    const at = await site({ store });
    const { person, secret, uri, recoveryCodes, code } = await enrolled(at);
    const codes: string[] = [];
    const heard: string[] = [];
    const factor = listening(person, heard);
    const present = async (given: string) => {
      codes.push(given);
      return factor('verify', given);
    };
    await present(code());
    await present(code());
    await present('314159');
    await present(recoveryCodes[0] ?? '');
    await factor('enroll');
    heard.push(JSON.stringify(await person.status()));

    const ref = { owner: 'org_1', actorId: 'user_ada' };
    const document = await factorIn(store, ref);
    await putFactor(store, ref, `${document?.value}00`);
    await present(recoveryCodes[1] ?? '');
    await present('271828');
    expect(at.errors).toHaveLength(2);

    const events = await store.readChain('org_1', 0, 1000);
    const told = [
      ...heard,
      JSON.stringify(events),
      inspect(at.errors, { depth: 10 }),
      inspect(at.totp, { depth: 10, showHidden: true }),
      ...printed.flatMap((spy) => spy.mock.calls).map((call) => inspect(call)),
    ].join('\n');
    for (const hidden of [secret, uri, ...recoveryCodes, ...codes, KEY]) {
      expect(told).not.toContain(hidden);
    }
    expect(events.length).toBeGreaterThan(5);
    vi.restoreAllMocks();
  });

  it('keeps secret, codes and key out of errors about options', async () => {
    for (const encryptionKey of ['hunter2'.repeat(9), `${KEY}0`, KEY.replace('0', 'g')]) {
      const failure = await failureOf(() =>
        createTotp({ store: memoryStore(), issuer: 'Acme', encryptionKey }),
      );
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'encryptionKey' });
      expect(inspect(failure)).not.toContain(encryptionKey.slice(0, 10));
    }
  });
});
