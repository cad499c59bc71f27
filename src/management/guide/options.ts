import { invalid } from '../../errors.ts';
import { checkFields, checkObject, pathOf } from '../../fields.ts';
import { checkOneOf } from '../../service/arguments.ts';
import type { TokenFormat } from '../../token/format.ts';
import { GUIDE_TEXTS, type GuideTexts } from './texts.ts';

/** What the page for API consumers says beyond what follows from the service itself. */
export interface GuideOptions {
  /**
   * The environments whose keys are accepted at `brand.apiBaseUrl`. The page then says which are;
   * left out, it lists them all and says nothing of that.
   */
  readonly environments?: readonly string[];
  /**
   * Where customers manage their keys: a path, or an `http` or `https` address. Default: the
   * dashboard of this handler.
   */
  readonly dashboardUrl?: string;
  /** Texts in the place of those in `GUIDE_TEXTS`, by their names. */
  readonly texts?: Partial<GuideTexts>;
}

/** The options, checked and with their defaults. */
export interface GuideSettings {
  readonly environments: readonly string[] | undefined;
  readonly dashboardUrl: string | undefined;
  readonly texts: GuideTexts;
}

/**
 * @returns `undefined` where there is to be no such page
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function checkGuide(
  guide: GuideOptions | false,
  format: TokenFormat,
): GuideSettings | undefined {
  if (guide === false) return undefined;
  checkFields(guide, 'guide', ['environments', 'dashboardUrl', 'texts']);
  const { environments, dashboardUrl, texts = {} } = guide;
  if (environments !== undefined && !Array.isArray(environments)) {
    throw invalid('guide.environments', 'must be an array of environments');
  }
  // A link may run a script, and one that begins with two slashes leads to another host.
  if (dashboardUrl !== undefined && !/^(?:https?:\/\/|\/(?![/\\]))\S*$/.test(dashboardUrl)) {
    throw invalid('guide.dashboardUrl', 'must be a path, or an http or https address');
  }
  return {
    environments: environments?.map((name, i) =>
      checkOneOf(name, `guide.environments[${i}]`, format.environments),
    ),
    dashboardUrl,
    texts: checkTexts(texts),
  };
}

function checkTexts(texts: Partial<GuideTexts>): GuideTexts {
  checkObject(texts, 'guide.texts');
  for (const [name, text] of Object.entries(texts)) {
    const argument = pathOf('guide.texts', name);
    if (!Object.hasOwn(GUIDE_TEXTS, name)) throw invalid(argument, 'is not known');
    if (typeof text !== 'string') throw invalid(argument, 'must be a string');
  }
  return { ...GUIDE_TEXTS, ...texts };
}
