import { type AuthorizerEvent, apiKeyGuard, principalOf, requireScopes } from 'keywright/lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { failureOf, makeKey, setUp, wrong } from '../support.ts';
import { FORMS, type Form } from './lambda-events.ts';

const { keys, store } = setUp();

let token: string;
let keyId: string;
beforeEach(async () => {
  const { token: text, record } = await makeKey(keys, { scopes: ['read'] });
  token = text;
  keyId = record.id;
});

type Authorizer = ReturnType<typeof apiKeyGuard>;

const forms = Object.entries(FORMS);
const arn = (event: AuthorizerEvent) => event.routeArn ?? event.methodArn;

/** What the gateway makes of an answer or a failure: 200 where the function runs. */
async function outcome({ isRest }: Form, answered: ReturnType<Authorizer>): Promise<number> {
  try {
    const answer = await answered;
    if ('isAuthorized' in answer) return answer.isAuthorized ? 200 : 403;
    return answer.policyDocument.Statement[0].Effect === 'Allow' ? 200 : 403;
  } catch (error) {
    return isRest && (error as Error).message === 'Unauthorized' ? 401 : 500;
  }
}

describe.each(forms)('the authorizer, for %s', (_name, form) => {
  it('allows an accepted key that one request', async () => {
    const event = form.event([`Bearer ${token}`]);
    const answer = await apiKeyGuard(keys)(event);
    const principal = expect.stringContaining(`"keyId":"${keyId}"`);
    if (form.isSimple) {
      expect(answer).toEqual({ isAuthorized: true, context: { principal } });
    } else {
      const statement = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: arn(event) };
      expect(answer).toEqual({
        principalId: keyId,
        policyDocument: { Version: '2012-10-17', Statement: [statement] },
        context: { principal },
      });
    }
  });

  it('denies everything else, without a reason', async () => {
    const guard = apiKeyGuard(keys);
    const { id } = (await makeKey(keys)).record;
    const revoked = await makeKey(keys);
    await keys.revoke(revoked.record.id, { actor: { id: 'user_1' } });
    const elsewhere = await makeKey(keys, { environment: 'test' });
    const presented = [
      [],
      [''],
      ['Bearer'],
      [token],
      [`Basic ${token}`],
      [`Bearer ${token}a`],
      [`Bearer ${token},`],
      [`Bearer ${token}, Bearer ${token}`],
      [`Bearer ${id}`],
      [`Bearer ${revoked.token}`],
      [`Bearer ${elsewhere.token}`],
      ...(form.holdsLines ? [[`Bearer ${token}`, `Bearer ${token}`]] : []),
      ...(form.holdsLines ? [[`Bearer ${token}`, '']] : []),
    ];
    const answers = new Set<string>();
    for (const lines of presented) {
      const event = form.event(lines);
      expect(await outcome(form, guard(event))).toBe(form.isRest ? 401 : 403);
      const failure = await guard(event).catch(String);
      answers.add(JSON.stringify(failure));
    }
    expect(answers.size).toBe(1);
  });

  it('answers 403 to a key that lacks a scope', async () => {
    const guard = apiKeyGuard(keys, { scopes: ['write'] });
    expect(await outcome(form, guard(form.event([`Bearer ${token}`])))).toBe(403);
    const reader = apiKeyGuard(keys, { scopes: ['read'] });
    expect(await outcome(form, reader(form.event([`Bearer ${token}`])))).toBe(200);
  });

  it('fails while the store does', async () => {
    const broken = setUp({
      store: { ...store, findByDigest: () => Promise.reject(new Error('connection lost')) },
    });
    const guard = apiKeyGuard(broken.keys);
    const event = form.event([`Bearer ${token}`]);
    expect(await outcome(form, guard(event))).toBe(500);
    expect(await failureOf(() => guard(event))).toEqual(new Error('Unavailable'));
  });

  it('passes the principal to the function', async () => {
    const answer = await apiKeyGuard(keys)(form.event([`Bearer ${token}`]));
    const event = form.behind(answer.context);
    expect(principalOf(event)).toMatchObject({ keyId, owner: 'org_1', scopes: ['read'] });
    const handler = (required: string) =>
      requireScopes(required)((request: typeof event, add: number) => ({
        statusCode: 200 + add,
        request,
      }));
    expect(await handler('read')(event, 1)).toEqual({ statusCode: 201, request: event });
    expect(await handler('write')(event, 1)).toMatchObject({
      statusCode: 403,
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="write"') },
      body: expect.stringContaining('insufficient_scope'),
    });
  });

  it('passes Deprecation to the function', async () => {
    await keys.rotate(keyId, { actor: { id: 'user_1' }, graceMs: 60_000 });
    const answer = await apiKeyGuard(keys)(form.event([`Bearer ${token}`]));
    expect(answer.context).toMatchObject({
      Deprecation: expect.stringMatching(/^@\d+$/),
      Sunset: expect.stringMatching(/GMT$/),
    });
  });
});

describe('the form of the answer', () => {
  it('follows the response option', async () => {
    const http2 = FORMS['an HTTP API, payload 2.0']?.event([`Bearer ${token}`]);
    const http1 = FORMS['an HTTP API, payload 1.0']?.event([`Bearer ${token}`]);
    const policy = await apiKeyGuard(keys, { response: 'policy' })(http2 ?? wrong({}));
    expect(policy).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Allow' }] } });
    const simple = await apiKeyGuard(keys, { response: 'simple' })(http1 ?? wrong({}));
    expect(simple).toMatchObject({ isAuthorized: true });
    expect(() => apiKeyGuard(keys, { response: wrong('json') })).toThrow(
      expect.objectContaining({ code: 'invalid_argument', argument: 'response' }),
    );
  });
});

describe('a function that no authorizer stands before', () => {
  it.each([null, undefined, {}, { principal: 7 }, { lambda: null }, { lambda: { principal: {} } }])(
    'has no principal: %j',
    async (authorizer) => {
      const event = wrong({ requestContext: { authorizer } });
      const missing = expect.objectContaining({ code: 'principal_missing' });
      expect(() => principalOf(event)).toThrow(missing);
      expect(await failureOf(() => requireScopes('read')(() => 'ran')(event))).toEqual(missing);
    },
  );
});
