import { unauthorized } from 'keywright';
import type { GuardedRoute } from 'keywright/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authenticator } from '../../src/guards/authenticator.ts';
import { makeKey, setUp, wrong } from '../support.ts';
import { exchangeOf } from './exchange.ts';
import { hosts } from './hosts.ts';

/** Two services whose 401 tells them apart, each with a key. */
async function twoServices() {
  const [orders, bills] = [
    setUp({ unauthorized: { realm: 'orders' } }),
    setUp({ unauthorized: { realm: 'bills' } }),
  ];
  return {
    orders: { keys: orders.keys, ...(await makeKey(orders.keys)) },
    bills: { keys: bills.keys, ...(await makeKey(bills.keys)) },
  };
}

const handle: GuardedRoute['handle'] = ({ keyId }) => JSON.stringify({ keyId });

describe.each(Object.entries(hosts))('keys known per request: %s', (_name, open) => {
  it('authenticates each request with the service that the function returns for it', async () => {
    const { orders, bills } = await twoServices();
    const order = [orders, bills, orders];
    const contexts: unknown[][] = [];
    const keysOf = (...context: unknown[]) => {
      const { keys } = order[contexts.length % 3] ?? orders;
      contexts.push(context);
      // Both may be: at once where the service is at hand, later the first time.
      return contexts.length > 3 ? Promise.resolve(keys) : keys;
    };
    const site = await open(wrong(keysOf), [{ path: '/open', options: {}, handle }]);
    onTestFinished(async () => {
      await site.close?.();
    });
    const lines = [['Authorization', `Bearer ${orders.token}`]] as const;
    const answers = await exchangeOf(site)(Array(6).fill({ path: '/open', lines }));
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 200, 401, 200]);
    for (const { status, body, lines: sent } of answers) {
      if (status === 200) expect(JSON.parse(body)).toEqual({ keyId: orders.record.id });
      else {
        expect(body).toBe(unauthorized().body);
        expect(sent).toContainEqual(['www-authenticate', 'Bearer realm="bills"']);
      }
    }
    for (const context of contexts) expect(context[0]).toBeInstanceOf(Object);
  });
});

/** These tests present lines as they are. */
const linesOf = (lines: string | undefined) => lines;

describe('the authentication of a guard whose keys are a function', () => {
  it('passes the arguments of the framework to the function', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    const given: unknown[][] = [];
    const authenticate = authenticator(
      (...context: [number, string]) => {
        given.push(context);
        return keys;
      },
      {},
      linesOf,
    );
    expect(authenticate(`Bearer ${token}`, 1, 'a')).toMatchObject({ ok: true });
    expect(given).toEqual([[1, 'a']]);
  });

  it('keeps its options as they were when the guard was made', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys, { scopes: ['read'] });
    const options = { scopes: ['write'], environments: ['live' as const] };
    const authenticate = authenticator(() => keys, options, linesOf);
    options.scopes.length = 0;
    options.environments.length = 0;
    expect(authenticate(`Bearer ${token}`)).toMatchObject({ reason: 'insufficient_scope' });
  });

  it('rejects options that are wrong for the returned service', async () => {
    const { keys } = setUp();
    const authenticate = authenticator(() => keys, { environments: [wrong('prod')] }, linesOf);
    await expect(authenticate(undefined)).rejects.toMatchObject({ argument: 'environments[0]' });
  });
});
