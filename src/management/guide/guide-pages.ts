import type { HttpRefusal } from '../../http/refusal.ts';
import type { ApiKeys } from '../../service/contract.ts';
import type { Settings } from '../options.ts';
import { asset, type LatePage, latePage, madeOnce, type Page } from '../pages.ts';
import { factsOf } from './facts.ts';
import { guideOf } from './guide.ts';
import { htmlOf } from './html.ts';
import { markdownOf } from './markdown.ts';
import { STYLE } from './style.ts';

/**
 * The page for API consumers, as HTML and as Markdown. They hold nothing of any owner, and no key:
 * everybody may read them.
 */
export function guidePages(settings: Settings): (Page | LatePage)[] {
  const { basePath, guide, keys } = settings;
  if (guide === undefined) return [];
  const style = asset('guide', 'css', STYLE);
  const files = { style: basePath + style.path, markdown: `${basePath}/guide.md` };
  const made = madeOnce(async () => guideOf(factsOf(settings, guide, await refusalOf(keys))));
  return [
    style,
    latePage('/guide', async () => ({
      type: 'text/html; charset=utf-8',
      body: htmlOf(await made(), guide.texts, files),
    })),
    latePage('/guide.md', async () => ({
      type: 'text/markdown; charset=utf-8',
      body: markdownOf(await made()),
    })),
  ];
}

/** The service gives its refusal to whoever comes with no credential, and tells its hooks of it. */
async function refusalOf(keys: ApiKeys): Promise<HttpRefusal> {
  const authentication = await keys.authenticate(undefined);
  if (authentication.ok) throw new Error('keys let pass a request without any credential');
  return authentication.refusal;
}
