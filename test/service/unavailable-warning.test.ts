import { createApiKeys, generateToken, memoryStore } from 'keywright';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { format } from '../support.ts';

/** A service whose store fails, and the warnings of the process. */
function failing(onEvent?: () => void) {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const findByDigest = () => Promise.reject(new Error('connection refused'));
  const store = { ...memoryStore(), findByDigest };
  const keys = createApiKeys({
    format,
    environments: ['live'],
    store,
    ...(onEvent && { onEvent }),
  });
  return { keys, warn, token: generateToken(format, 'live') };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a service that answers 503', () => {
  it('warns once, with the reason and without the token, if it has no onEvent', async () => {
    const { keys, warn, token } = failing();
    for (let i = 0; i < 3; i++) {
      expect(await keys.authenticate(`Bearer ${token}`)).toMatchObject({
        refusal: { status: 503 },
      });
    }
    expect(warn.mock.calls).toEqual([
      [
        'Keywright answers 503: connection refused. Pass onEvent to receive every refusal.',
        { type: 'KeywrightWarning', code: 'store_unavailable' },
      ],
    ]);
  });

  it('does not warn if it has onEvent', async () => {
    const onEvent = vi.fn();
    const { keys, warn, token } = failing(onEvent);
    await keys.verify(token);
    expect(onEvent).toHaveBeenCalledOnce();
    expect(warn).not.toHaveBeenCalled();
  });

  it('does not warn of other refusals', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const keys = createApiKeys({ format, environments: ['live'], store: memoryStore() });
    expect(await keys.verify(generateToken(format, 'live'))).toMatchObject({ reason: 'unknown' });
    expect(warn).not.toHaveBeenCalled();
  });
});
