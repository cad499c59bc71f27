import type { GuardedRoute, GuardSite, WireResponse } from 'keywright/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { actor, makeKey, START, setUp } from '../support.ts';
import { exchangeOf } from './exchange.ts';
import { hosts } from './hosts.ts';

const { keys } = setUp();
const route: GuardedRoute = {
  path: '/open',
  options: {},
  handle: ({ owner }) => `{"owner":"${owner}"}`,
};

let site: GuardSite;
afterEach(() => site.close?.());

async function answerTo(token: string): Promise<WireResponse> {
  const lines = [['Authorization', `Bearer ${token}`]] as const;
  const [answer] = await exchangeOf(site)([{ path: '/open', lines }]);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

function told({ status, lines }: WireResponse) {
  const { deprecation, sunset } = Object.fromEntries(lines);
  return { status, deprecation, sunset };
}

describe('the response to a key that has been replaced', () => {
  it.each(Object.entries(hosts))('has Deprecation and Sunset: %s', async (_name, open) => {
    site = await open(keys, [route]);
    const { token, record } = await makeKey(keys);
    expect(told(await answerTo(token))).toEqual({ status: 200 });
    const { secret } = await keys.rotate(record.id, { actor, graceMs: 86_400_000 });
    expect(told(await answerTo(token))).toEqual({
      status: 200,
      deprecation: `@${START / 1000}`,
      sunset: new Date(START + 86_400_000).toUTCString(),
    });
    expect(told(await answerTo(secret.reveal()))).toEqual({ status: 200 });
  });
});
