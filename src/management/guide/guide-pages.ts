import type { HttpRefusal } from '../../http/refusal.ts';
import type { ApiKeys } from '../../service/contract.ts';
import type { Settings } from '../options.ts';
import { asset, type DynamicPage, dynamicPage, lazy, type Page } from '../pages.ts';
import { factsOf } from './facts.ts';
import { guideOf, markdownOf } from './guide.ts';
import { htmlOf } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/**
 * The guide for API consumers, as HTML and as Markdown. It contains no data of an owner and no key, so
 * it needs no session.
 */
export function guidePages(settings: Settings): (Page | DynamicPage)[] {
  const { basePath, guide, keys } = settings;
  if (guide === undefined) return [];
  const style = asset('guide', 'css', STYLE);
  const script = asset('guide', 'js', SCRIPT);
  const files = {
    style: basePath + style.path,
    script: basePath + script.path,
    markdown: `${basePath}/guide.md`,
  };
  const refusal = lazy(() => refusalOf(keys));
  // The Markdown file is read outside of the page, so it needs absolute addresses.
  const documentFor = async (origin = '') =>
    guideOf(factsOf(settings, guide, await refusal(), origin));
  const html = lazy(async () => htmlOf(await documentFor(), guide.texts, files));
  return [
    style,
    script,
    dynamicPage('/guide', async () => ({ type: 'text/html; charset=utf-8', body: await html() })),
    dynamicPage('/guide.md', async (origin) => ({
      type: 'text/markdown; charset=utf-8',
      body: markdownOf(await documentFor(origin)),
    })),
  ];
}

/** Reads the service's refusal by authenticating without a credential. The service's hooks see it too. */
async function refusalOf(keys: ApiKeys): Promise<HttpRefusal> {
  const authentication = await keys.authenticate(undefined);
  if (authentication.ok)
    throw new Error('keys.authenticate() accepted a request without a credential');
  return authentication.refusal;
}
