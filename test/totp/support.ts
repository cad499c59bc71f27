import { type FactorDocument, type FactorRef, type KeyStore, memoryStore } from 'keywright';
import type { ManagementOptions } from 'keywright/management';
import { createTotp, type TotpOptions } from 'keywright/totp';
import { Secret, type TOTP, URI } from 'otpauth';
import { expect } from 'vitest';
import { Changes } from '../../src/rules/changes.ts';
import { ownerEvent } from '../../src/rules/events.ts';
import { type Answer, mount, type Sent } from '../management/support.ts';
import { START } from '../support.ts';

export const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
export const NEW_KEY = { name: 'Zapier production', environment: 'live' };

/** What the second factor's routes answer with; each test knows which its answer has. */
interface FactorAnswer {
  readonly secret: string;
  readonly uri: string;
  readonly qrCode: string;
  readonly recoveryCodes: readonly string[];
  readonly validForMs: number;
}

/** Somebody at a browser: whose session it has, and the cookies that it was given. */
export interface Person {
  readonly name: string;
  call(method: string, path: string, sent?: Sent): Promise<Answer>;
  factor(operation: string, code?: string): Promise<Answer & { readonly factor: FactorAnswer }>;
  /** Tries to create a key: the status that it answers. */
  create(): Promise<number>;
  status(): Promise<unknown>;
  readonly cookies: Map<string, string>;
}

export interface Site {
  readonly store: KeyStore;
  readonly time: { now: number };
  readonly totp: ReturnType<typeof createTotp>;
  readonly errors: unknown[];
  /** At a browser of their own. */
  person(name?: string): Person;
}

/** A management handler whose step-up is the second factor, on a clock that stands still. */
export async function site(
  options: Partial<TotpOptions> = {},
  management: Partial<ManagementOptions> = {},
): Promise<Site> {
  const store = options.store ?? memoryStore();
  const time = { now: START };
  const clock = { now: () => time.now };
  const totp = createTotp({ store, encryptionKey: KEY, issuer: 'Acme', clock, ...options });
  const mounted = await mount({ stepUp: totp, clock, ...management }, { store, clock });
  return {
    ...{ store, time, totp, errors: mounted.errors },
    person: (name = 'ada') => personAt(mounted.call, name),
  };
}

function personAt(
  send: (method: string, path: string, sent?: Sent) => Promise<Answer>,
  name: string,
): Person {
  const cookies = new Map<string, string>();
  const call = async (method: string, path: string, sent: Sent = {}) => {
    const pairs = [`session=${name}`, ...[...cookies].map(([key, value]) => `${key}=${value}`)];
    const answer = await send(method, path, { headers: { cookie: pairs.join('; ') }, ...sent });
    const [, key = '', value = ''] =
      /^([^=]+)=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
    if (value !== '') cookies.set(key, value);
    else cookies.delete(key);
    return answer;
  };
  return {
    ...{ name, call, cookies },
    async factor(operation, code) {
      const sent = code === undefined ? {} : { json: { code } };
      const answer = await call('POST', `/api/second-factor/${operation}`, sent);
      return { ...answer, factor: JSON.parse(answer.text) };
    },
    async create() {
      return (await call('POST', '/api/keys', { json: NEW_KEY })).status;
    },
    async status() {
      return JSON.parse((await call('GET', '/api/session')).text).secondFactor;
    },
  };
}

/** An authenticator, as it makes codes of the address that it has scanned. */
export function authenticator(uri: string) {
  const totp = URI.parse(uri) as TOTP;
  return { totp, codeAt: (now: number) => totp.generate({ timestamp: now }) };
}

/** Somebody who has a factor, and has passed nothing yet. A code of the present was used for it. */
export async function enrolled(at: Site, name = 'ada') {
  const person = at.person(name);
  const { uri, secret } = (await person.factor('enroll')).factor;
  const { codeAt } = authenticator(uri);
  const confirmed = await person.factor('confirm', codeAt(at.time.now));
  expect(confirmed.status).toBe(200);
  person.cookies.clear();
  at.time.now += 30_000;
  const { recoveryCodes } = confirmed.factor;
  return { person, uri, secret, recoveryCodes, code: () => codeAt(at.time.now), codeAt };
}

/** A code that is none of the present and its neighbours. */
export function wrongCode(uri: string, now: number): string {
  const { codeAt } = authenticator(uri);
  const good = [-30_000, 0, 30_000].map((off) => codeAt(now + off));
  const [wrong = ''] = ['000000', '111111', '222222', '333333'].filter(
    (code) => !good.includes(code),
  );
  return wrong;
}

/** The second factor as the store has it. */
export async function factorIn(
  store: KeyStore,
  ref: FactorRef,
): Promise<FactorDocument | undefined> {
  return (await store.view({ kind: 'factor', ...ref })).factor;
}

/** Writes a document into the store, past the second factor. */
export async function putFactor(store: KeyStore, ref: FactorRef, value: string): Promise<void> {
  const event = ownerEvent('factor.passed', ref.owner, { at: 1, actor: { id: 'x' } });
  const draft = { events: [event], factor: { actorId: ref.actorId, value } };
  const query = { kind: 'factor', ...ref } as const;
  await new Changes(store).make({ query, decide: () => ({ result: undefined, draft }) });
}

/** Presents codes one after the other: the statuses that they answer. */
export function tries(person: Person, codes: readonly string[]) {
  return codes.reduce<Promise<number[]>>(async (before, code) => {
    const statuses = await before;
    return [...statuses, (await person.factor('verify', code)).status];
  }, Promise.resolve([]));
}

/** The actions of an owner's log, oldest first. */
export async function actionsOf(store: KeyStore, owner = 'org_1'): Promise<string[]> {
  const events = await store.readChain(owner, 0, 10_000);
  return events.map(({ action }) => action);
}

/** A text of ASCII as a secret. */
export function asciiSecret(text: string): string {
  return Secret.fromLatin1(text).base32;
}
