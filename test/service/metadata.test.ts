import { type } from 'arktype';
import { createApiKeys, type MetadataSchema, memoryStore, tokenFormat } from 'keywright';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const actor = { id: 'user_1' };
const TOKEN_LIKE = 'prn_live_not_a_plan';

function serviceWith<Input extends object, Output extends object>(
  metadata: MetadataSchema<Input, Output>,
) {
  return createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live'] }),
    store: memoryStore(),
    metadata,
  });
}

const schemas = {
  zod: z.object({ plan: z.enum(['free', 'team']), limits: z.object({ rps: z.number() }) }),
  valibot: v.object({ plan: v.picklist(['free', 'team']), limits: v.object({ rps: v.number() }) }),
  arktype: type({ plan: "'free' | 'team'", limits: { rps: 'number' } }),
};

const newKey = { name: 'A', owner: 'org_1', environment: 'live', actor } as const;
const metadata = { plan: 'team', limits: { rps: 5 } } as const;

describe.each(Object.entries(schemas))('metadata with a schema of %s', (_, schema) => {
  const keys = serviceWith<{ plan: 'free' | 'team'; limits: { rps: number } }, object>(schema);

  it('is stored if it passes', async () => {
    const { secret, record } = await keys.create({ ...newKey, metadata });
    expect(record.metadata).toEqual(metadata);
    const changed = { plan: 'free', limits: { rps: 6 } } as const;
    await keys.update(record.id, { metadata: changed }, { actor });
    expect(await keys.verify(secret.reveal())).toMatchObject({ principal: { metadata: changed } });
  });

  it('rejects with the path of the fault, and creates nothing', async () => {
    const wrong = { plan: 'team', limits: { rps: TOKEN_LIKE as never } } as const;
    const before = (await keys.list({ owner: 'org_1' })).items;
    const error = await keys.create({ ...newKey, metadata: wrong }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_argument', argument: 'metadata.limits.rps' });
    expect(String(error) + JSON.stringify(error)).not.toContain(TOKEN_LIKE);
    expect((await keys.list({ owner: 'org_1' })).items).toEqual(before);
  });

  it('rejects metadata left out that the schema requires', async () => {
    await expect(keys.create(newKey as never)).rejects.toMatchObject({
      code: 'invalid_argument',
      argument: expect.stringMatching(/^metadata\.(?:plan|limits)$/),
    });
  });

  it('rejects in an update, which changes nothing', async () => {
    const { record } = await keys.create({ ...newKey, metadata });
    const change = { name: 'B', metadata: { plan: 'gold' } as never };
    await expect(keys.update(record.id, change, { actor })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    expect(await keys.get(record.id)).toEqual(record);
  });
});

it('repeats no long name and no symbol in the path', async () => {
  const places = [['a', 0, { key: 'b-c' }], [{ key: TOKEN_LIKE.repeat(2) }, 'a'], [Symbol('a')]];
  const found = places.map(async (path) => {
    const validate = () => ({ issues: [{ message: '', path }] });
    const keys = serviceWith({ '~standard': { version: 1, vendor: 'test', validate } });
    return (await keys.create(newKey).catch((error) => error)).argument;
  });
  expect(await Promise.all(found)).toEqual(['metadata.a.0.b-c', 'metadata[…].a', 'metadata[…]']);
});

describe('a schema that transforms', () => {
  it('stores what the schema returned, asynchronously too', async () => {
    const keys = serviceWith(
      z
        .object({ plan: z.string().default('free') })
        .transform(async ({ plan }) => ({ plan, v: 2 })),
    );
    const { record } = await keys.create(newKey);
    expect(record.metadata).toEqual({ plan: 'free', v: 2 });
  });

  it('rejects output that is no plain JSON', async () => {
    const keys = serviceWith(z.object({}).transform(() => ({ at: new Date(0) })));
    await expect(keys.create(newKey)).rejects.toMatchObject({
      code: 'invalid_argument',
      argument: 'metadata.at',
    });
  });
});

it.each([{}, 1, null, { '~standard': {} }])('rejects %j as a schema', (wrong) => {
  expect(() => serviceWith(wrong as never)).toThrow(
    expect.objectContaining({ code: 'invalid_argument', argument: 'metadata' }),
  );
});
