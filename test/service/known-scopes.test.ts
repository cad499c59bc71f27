import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { apiKeyGuard } from 'keywright/fetch';
import { describe, expect, it } from 'vitest';

const actor = { id: 'user_1' };
const options = {
  format: tokenFormat({ brand: 'prn', environments: ['live'] }),
  store: memoryStore(),
};
const keys = createApiKeys({ ...options, scopes: ['orders:read', 'orders:write'] });
const newKey = { name: 'A', owner: 'org_1', environment: 'live', actor } as const;

describe('a service with the scopes option', () => {
  it('exposes its scopes', () => {
    expect(keys.scopes).toEqual(['orders:read', 'orders:write']);
    expect(createApiKeys(options)).not.toHaveProperty('scopes');
  });

  it('rejects other scopes for keys', async () => {
    const { record } = await keys.create({ ...newKey, scopes: ['orders:read'] });
    const wrong = { code: 'invalid_argument', argument: 'scopes[1]' };
    const scopes = ['orders:read', 'orders:delete'] as never;
    await expect(keys.create({ ...newKey, scopes })).rejects.toMatchObject(wrong);
    await expect(keys.update(record.id, { scopes }, { actor })).rejects.toMatchObject(wrong);
  });

  it('rejects other scopes in requirements', async () => {
    const scopes = ['orders:delete'] as never;
    const wrong = { code: 'invalid_argument', argument: 'scopes[0]' };
    await expect(keys.authenticate(undefined, { scopes })).rejects.toMatchObject(wrong);
    expect(() => apiKeyGuard(keys, () => new Response(), { scopes })).toThrow(
      expect.objectContaining(wrong),
    );
  });

  it('keeps the scopes of existing keys', async () => {
    const { store } = options;
    const { secret } = await createApiKeys({ ...options, store }).create({
      ...newKey,
      scopes: ['legacy'],
    });
    expect(await keys.verify(secret.reveal())).toMatchObject({ principal: { scopes: ['legacy'] } });
  });

  it.each([['a b'], [''], 'orders:read', [1]])('rejects %j as scopes', (scopes) => {
    expect(() => createApiKeys({ ...options, scopes: scopes as never })).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });
});
