import { deprecationHeaders } from '../../http/deprecation.ts';
import { type HttpRefusal, insufficientScope, unavailable } from '../../http/refusal.ts';
import type { JsonObject } from '../../json.ts';
import { CHECKSUM_LENGTH } from '../../token/checksum.ts';
import type { Settings } from '../options.ts';
import { directionOf } from '../texts/language.ts';
import { tokenPattern } from '../token-pattern.ts';
import { variableName } from '../variable-name.ts';
import { codeValue, lineOf, plain, textValue, type Value, type Values } from './line.ts';
import { codeSpan, link } from './markdown.ts';
import type { GuideSettings } from './options.ts';
import type { GuideTexts } from './texts.ts';

/** Replaces the secret part of a key, so that the page never shows a working key. */
const MASK = '••••';

const EXAMPLE_ADDRESS = 'https://api.example.com/v1';
const EXAMPLE_SCOPE = 'orders:read';

const REPLACED_AT = Date.UTC(2026, 0, 1);
const ENDS_AT = Date.UTC(2026, 0, 8);

/** The keys of an environment. */
interface Kind {
  readonly environment: string;
  readonly sample: string;
  /** The number of characters of the whole key. */
  readonly length: number;
  /** The address that accepts these keys, if it is known. */
  readonly address: string | undefined;
}

/** What the guide is made from: the service, its format and the options of the application. */
export interface Facts {
  readonly texts: GuideTexts;
  readonly brand: string | undefined;
  readonly dashboardUrl: string;
  readonly docsUrl: string | undefined;
  readonly secondFactor: boolean;
  /** The address that the samples call. */
  readonly address: string;
  /** Whether the application has set the address; otherwise it is an example. */
  readonly addressKnown: boolean;
  readonly variable: string;
  readonly kinds: readonly Kind[];
  /** A sample key, with its secret part masked. */
  readonly sample: string;
  readonly hasChecksum: boolean;
  /** A regular expression that finds keys of all environments. */
  readonly pattern: string;
  /** Whether keys can have scopes. */
  readonly scoped: boolean;
  /** The scopes of the service; empty if it accepts any scope. */
  readonly scopes: readonly string[];
  /** The response of the sample address to a valid key, if it is known. */
  readonly sampleAnswer: JsonObject | undefined;
  readonly unauthorized: HttpRefusal;
  readonly forbidden: HttpRefusal;
  readonly unavailable: HttpRefusal;
  /** The headers of a response to a replaced key. */
  readonly replaced: Readonly<Record<string, string>>;
  /** A text of the page as Markdown, with its placeholders filled in. */
  line(name: keyof GuideTexts, more?: Values): string;
  /** The same as plain text, without Markdown. */
  plain(name: keyof GuideTexts, more?: Values): string;
}

/**
 * @param guide the options of the page
 * @param refusal the service's response to an invalid credential
 * @param origin placed before paths, to make absolute addresses
 */
export function factsOf(
  { keys, basePath, brand, stepUp }: Settings,
  guide: GuideSettings,
  refusal: HttpRefusal,
  origin: string,
): Facts {
  const { format, scopes = [] } = keys;
  const { texts } = guide;
  const { dashboardUrl: dashboard = `${basePath}/` } = guide;
  const dashboardUrl = dashboard.startsWith('/') ? origin + dashboard : dashboard;
  const name = brand.name === 'API keys' ? undefined : brand.name;
  const kinds = format.prefixes.map(({ environment, text }) => ({
    environment,
    sample: text + MASK,
    length: text.length + format.secretLength,
    address: brand.apiUrls[environment],
  }));
  const shown = kinds.find((kind) => kind.address !== undefined) ?? (kinds[0] as Kind);
  const { sample, address = EXAMPLE_ADDRESS } = shown;
  const variable = variableName(brand.name);
  const named = { brand: textValue(isolated(brand.name, texts.language)) };
  const api = texts[name === undefined ? 'api.unnamed' : 'api.named'];
  const values: Values = {
    ...named,
    api: { text: plain(api, named), markdown: lineOf(api, named) },
    dashboard: { text: texts.dashboard, markdown: link(texts.dashboard, dashboardUrl) },
    address: codeValue(address),
    variable: codeValue(variable),
    prefix: codeValue(`${format.brand}_`),
    length: textValue(String(format.secretLength)),
    checksumLength: textValue(String(CHECKSUM_LENGTH)),
    scopes: listed(scopes),
  };
  return {
    texts,
    brand: name,
    dashboardUrl,
    docsUrl: brand.docsUrl,
    secondFactor: stepUp !== undefined,
    address,
    addressKnown: shown.address !== undefined,
    variable,
    kinds,
    sample,
    hasChecksum: format.checksum !== undefined,
    pattern: tokenPattern(format),
    scoped: keys.scopes === undefined || scopes.length > 0,
    scopes,
    sampleAnswer: guide.sampleAnswer,
    unauthorized: refusal,
    forbidden: insufficientScope(refusal, scopes.length > 0 ? scopes.slice(0, 1) : [EXAMPLE_SCOPE]),
    unavailable,
    replaced: deprecationHeaders({ replacedAt: REPLACED_AT, expiresAt: ENDS_AT }) ?? {},
    line: (text, more) => lineOf(texts[text], { ...values, ...more }),
    plain: (text, more) => plain(texts[text], { ...values, ...more }),
  };
}

function listed(codes: readonly string[]): Value {
  return { text: codes.join(', '), markdown: codes.map(codeSpan).join(', ') };
}

/** Characters that are written from right to left, and characters that change the direction. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Puts a name that may have another direction than the text around it into Unicode isolates. */
function isolated(name: string, language: string): string {
  const isLeftToRight = directionOf(language) === 'ltr' && !RIGHT_TO_LEFT.test(name);
  return isLeftToRight ? name : `\u2068${name}\u2069`;
}
