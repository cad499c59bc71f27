import { invalid } from '../../errors.ts';
import { checkFields, checkObject, pathOf } from '../../fields.ts';
import type { JsonObject } from '../../json.ts';
import { checkAddress } from '../address.ts';
import { languageTag } from '../texts/language.ts';
import { GUIDE_TEXTS, type GuideTexts } from './texts.ts';

/** Options of the guide for API consumers. */
export interface GuideOptions {
  /**
   * The address at which customers manage their keys: a path, or an `http` or `https` address. Default:
   * the dashboard of this handler.
   */
  readonly dashboardUrl?: string;
  /** A sample of the JSON that `brand.apiUrl` returns for a valid key. Default: the sample has no body. */
  readonly sampleAnswer?: JsonObject;
  /** Texts that replace those in `GUIDE_TEXTS`, by name. */
  readonly texts?: Partial<GuideTexts>;
}

/** The options, checked and with their defaults. */
export interface GuideSettings {
  readonly dashboardUrl: string | undefined;
  readonly sampleAnswer: JsonObject | undefined;
  readonly texts: GuideTexts;
}

/**
 * @returns `undefined` if the page is turned off
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function checkGuide(guide: GuideOptions | false): GuideSettings | undefined {
  if (guide === false) return undefined;
  checkFields(guide, 'guide', ['dashboardUrl', 'sampleAnswer', 'texts']);
  const { dashboardUrl, sampleAnswer, texts = {} } = guide;
  if (sampleAnswer !== undefined) checkObject(sampleAnswer, 'guide.sampleAnswer');
  return {
    dashboardUrl:
      dashboardUrl === undefined ? undefined : checkAddress(dashboardUrl, 'guide.dashboardUrl'),
    sampleAnswer,
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
  const language = languageTag(texts.language ?? GUIDE_TEXTS.language);
  if (language === undefined) {
    throw invalid('guide.texts.language', 'must be a BCP 47 tag such as de or pt-BR');
  }
  return { ...GUIDE_TEXTS, ...texts, language };
}
