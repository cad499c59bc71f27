import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import createClient from 'openapi-fetch';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount, ORIGIN } from './support.ts';

/** What a user of the generated types writes. */
const CLIENT = `
import type { Client } from 'openapi-fetch';
import type { components, paths } from './paths.ts';

export async function round(client: Client<paths>) {
  const created = await client.POST('/api/keys', {
    params: { header: { 'Idempotency-Key': 'once' } },
    body: { name: 'Typed', environment: 'live', metadata: { team: 'operations' } },
  });
  if (created.error) throw new Error(created.error.message);
  const { id } = created.data.record;
  const rotated = await client.POST('/api/keys/{id}/rotate', {
    params: { path: { id } },
    body: { graceMs: 60_000 },
  });
  const successor: components['schemas']['Key'] | undefined = rotated.data?.record;
  const revoked = await client.POST('/api/keys/{id}/revoke', {
    params: { path: { id } },
    body: { reason: 'rotated' },
  });
  const { data } = await client.GET('/api/keys', { params: { query: { state: 'active' } } });
  const refused = await client.PATCH('/api/keys/{id}', {
    params: { path: { id } },
    body: { name: 'Late' },
  });
  return {
    keys: [created.data.key, rotated.data?.key],
    replaces: successor?.replaces === id,
    state: revoked.data?.record.state,
    living: data?.items.map(({ name, state }) => [name, state]),
    error: refused.error?.error,
  };
}
`;

/** What the generated types must not let pass. */
const WRONG = {
  'a mistyped member': "client.POST('/api/keys', { body: { nome: 'x', environment: 'live' } })",
  'an unknown environment': "client.POST('/api/keys', { body: { name: 'x', environment: 'no' } })",
  'a body without its name': "client.POST('/api/keys', { body: { environment: 'live' } })",
  'an unknown path': "client.GET('/api/key')",
  'a method that there is not':
    "client.DELETE('/api/keys/{id}', { params: { path: { id: 'x' } } })",
  'a filter that there is not': "client.GET('/api/keys', { params: { query: { owner: 'x' } } })",
};

interface ClientModule {
  round(client: unknown): Promise<Record<string, unknown> & { keys: string[] }>;
}

let folder = '';
const mounted = await mount();

beforeAll(async () => {
  // Inside the project, where the client's packages are found, and where nothing is kept.
  const scratch = fileURLToPath(new URL('../../.vitest/', import.meta.url));
  await mkdir(scratch, { recursive: true });
  folder = await mkdtemp(`${scratch}client-`);
  const types = astToString(await openapiTS(JSON.stringify(mounted.document)));
  await writeFile(`${folder}/paths.ts`, types);
  await writeFile(`${folder}/client.ts`, CLIENT);
});
afterAll(() => rm(folder, { recursive: true }));

/** The compiler's complaints about a file beside the generated types, under the project's settings. */
function complaintsAbout(file: string): string[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const read = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  const program = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('a client generated from the OpenAPI document', () => {
  it('passes the type check', () => {
    expect(complaintsAbout(`${folder}/client.ts`)).toEqual([]);
  });

  it('does not pass it with mistakes', async () => {
    const head =
      "import createClient from 'openapi-fetch';\nimport type { paths } from './paths.ts';\n";
    const client = 'const client = createClient<paths>();\n';
    const lines = Object.values(WRONG).map((call) => `await ${call};`);
    await writeFile(`${folder}/wrong.ts`, `${head}${client}${lines.join('\n')}\nexport {};\n`);
    expect(complaintsAbout(`${folder}/wrong.ts`).length).toBeGreaterThanOrEqual(lines.length);
  });

  it('creates, rotates and revokes', async () => {
    const { management, keys } = mounted;
    const { round } = (await import(/* @vite-ignore */ `${folder}/client.ts`)) as ClientModule;
    const signedIn = (request: Request) => {
      request.headers.set('cookie', 'session=ada');
      request.headers.set('origin', ORIGIN);
      return management(request);
    };
    const baseUrl = `${ORIGIN}${management.basePath}`;
    const outcome = await round(createClient({ baseUrl, fetch: signedIn }));
    expect(outcome).toMatchObject({
      replaces: true,
      state: 'revoked',
      living: [['Typed', 'active']],
      error: 'key_revoked',
    });
    const [first, second] = outcome.keys as [string, string];
    expect(await keys.verify(first)).toMatchObject({ reason: 'revoked' });
    expect(await keys.verify(second)).toMatchObject({ ok: true });
  });
});
