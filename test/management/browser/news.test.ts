import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { News } from '../../../src/management/dashboard/news.ts';

/** A list of an owner, and how often it was told that it may be outdated. */
function list() {
  const onStale = vi.fn();
  const context = { session: { owner: 'org_1' } };
  const host = { context, addController() {} } as unknown as ConstructorParameters<typeof News>[0];
  return { news: new News(host, onStale), onStale };
}

describe('news among tabs', () => {
  beforeEach(() => {
    vi.stubGlobal('addEventListener', () => {});
    vi.stubGlobal('removeEventListener', () => {});
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('reach the lists of other tabs, and not their own', async () => {
    const [one, other] = [list(), list()];
    one.news.hostConnected();
    other.news.hostConnected();
    one.news.notifyTabs();
    await vi.waitFor(() => expect(other.onStale).toHaveBeenCalledTimes(1));
    expect(one.onStale).not.toHaveBeenCalled();
    one.news.hostDisconnected();
    other.news.hostDisconnected();
  });

  it('are dropped without an error once the list is gone', () => {
    const { news } = list();
    news.hostConnected();
    news.hostDisconnected();
    expect(() => news.notifyTabs()).not.toThrow();
  });
});
