import { deprecationHeaders } from '../../http/deprecation.ts';
import { type HttpRefusal, insufficientScope, unavailable } from '../../http/refusal.ts';
import { CHECKSUM_LENGTH } from '../../token/checksum.ts';
import type { Settings } from '../options.ts';
import { variableName } from '../variable-name.ts';
import type { Line } from './document.ts';
import { lineOf, plain, type Values } from './line.ts';
import type { GuideSettings } from './options.ts';
import type { GuideTexts } from './texts.ts';

/** What stands for the secret part of a key: no key that works is ever on the page. */
const MASK = '••••';

const EXAMPLE_ADDRESS = 'https://api.example.com/v1';
const EXAMPLE_SCOPE = 'orders:read';

const REPLACED_AT = Date.UTC(2026, 0, 1);
const ENDS_AT = Date.UTC(2026, 0, 8);

/** The keys of an environment. */
interface Kind {
  readonly environment: string;
  readonly sample: string;
  /** Characters in all. */
  readonly length: number;
  /** `undefined` where the host has not said. */
  readonly accepted: boolean | undefined;
}

/** What the page tells: all of it comes from the service, its format and the host's options. */
export interface Facts {
  readonly texts: GuideTexts;
  readonly brand: string | undefined;
  readonly dashboardUrl: string;
  readonly docsUrl: string | undefined;
  readonly secondFactor: boolean;
  /** What the samples call. */
  readonly address: string;
  /** Whether the host has said so, or it is an example. */
  readonly addressKnown: boolean;
  readonly variable: string;
  readonly kinds: readonly Kind[];
  /** A key of an environment that is accepted, with its secret part masked. */
  readonly sample: string;
  readonly hasChecksum: boolean;
  /** A regular expression that finds keys of all environments. */
  readonly pattern: string;
  /** Whether keys can have scopes. */
  readonly scoped: boolean;
  /** Those that there are; empty where any can be given. */
  readonly scopes: readonly string[];
  readonly unauthorized: HttpRefusal;
  readonly forbidden: HttpRefusal;
  readonly unavailable: HttpRefusal;
  /** Headers of an answer to a key that has been replaced. */
  readonly replaced: Readonly<Record<string, string>>;
  /** A text of the page, its names filled in. */
  line(name: keyof GuideTexts, more?: Values): Line;
  /** The same where there is nothing but text. */
  plain(name: keyof GuideTexts, more?: Values): string;
}

/**
 * @param guide what the host has said of the page
 * @param refusal the service's own answer to a credential that is not good
 */
export function factsOf(
  { keys, basePath, brand, stepUp }: Settings,
  guide: GuideSettings,
  refusal: HttpRefusal,
): Facts {
  const { format, scopes = [] } = keys;
  const { texts, environments, dashboardUrl = `${basePath}/` } = guide;
  const name = brand.name === 'API keys' ? undefined : brand.name;
  const kinds = format.prefixes.map(({ environment, text }) => ({
    environment,
    sample: text + MASK,
    length: text.length + format.secretLength,
    accepted: environments?.includes(environment),
  }));
  const { sample } = kinds.find(({ accepted }) => accepted) ?? (kinds[0] as Kind);
  const address = brand.apiBaseUrl ?? EXAMPLE_ADDRESS;
  const variable = variableName(brand.name);
  const values: Values = {
    api:
      name === undefined
        ? lineOf(texts['api.unnamed'])
        : lineOf(texts['api.named'], { brand: { kind: 'name', text: name } }),
    brand: { kind: 'name', text: brand.name },
    dashboard: { kind: 'link', text: texts.dashboard, url: dashboardUrl },
    address: { kind: 'code', text: address },
    variable: { kind: 'code', text: variable },
    prefix: { kind: 'code', text: `${format.brand}_` },
    length: { kind: 'text', text: String(format.secretLength) },
    checksumLength: { kind: 'text', text: String(CHECKSUM_LENGTH) },
    scopes: listed(scopes),
  };
  return {
    texts,
    brand: name,
    dashboardUrl,
    docsUrl: brand.docsUrl,
    secondFactor: stepUp !== undefined,
    address,
    addressKnown: brand.apiBaseUrl !== undefined,
    variable,
    kinds,
    sample,
    hasChecksum: format.checksum !== undefined,
    pattern: patternOf(format.brand, format.environments, format.secretLength),
    scoped: keys.scopes === undefined || scopes.length > 0,
    scopes,
    unauthorized: refusal,
    forbidden: insufficientScope(refusal, scopes.length > 0 ? scopes.slice(0, 1) : [EXAMPLE_SCOPE]),
    unavailable,
    replaced: deprecationHeaders({ replacedAt: REPLACED_AT, expiresAt: ENDS_AT }) ?? {},
    line: (text, more) => lineOf(texts[text], { ...values, ...more }),
    plain: (text, more) => plain(texts[text], { ...values, ...more }),
  };
}

function listed(codes: readonly string[]): Line {
  return codes.flatMap((text, index) => [
    ...(index === 0 ? [] : [{ kind: 'text', text: ', ' } as const]),
    { kind: 'code', text } as const,
  ]);
}

/** Brand and environments are letters, digits and `_`, which stand for themselves. */
function patternOf(brand: string, environments: readonly string[], length: number): string {
  const [first = '', ...others] = environments;
  const environment = others.length === 0 ? first : `(?:${environments.join('|')})`;
  return `\\b${brand}_${environment}_[0-9A-Za-z]{${length}}\\b`;
}
