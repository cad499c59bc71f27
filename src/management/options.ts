import { type Clock, systemClock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { checkInteger, checkText } from '../service/arguments.ts';
import type { ApiKeys } from '../service/contract.ts';
import { checkGuide, type GuideOptions, type GuideSettings } from './guide/options.ts';
import type { Authorize } from './session.ts';
import { checkStepUp, type StepUp } from './step-up.ts';

/** What pages and guide call the host's product. */
export interface Brand {
  /** Default `API keys`. */
  readonly name: string;
  /** Where the API is that the keys open, for the curl line: `https://api.example.com/v1`. */
  readonly apiBaseUrl?: string;
  /** Where customers read on. */
  readonly docsUrl?: string;
}

/** What `createManagement` is made of. */
export interface ManagementOptions {
  /** The service whose keys are managed. */
  readonly keys: ApiKeys;
  /** Who a request comes from, from the host's own session. There is no default. */
  readonly authorize: Authorize;
  /** The path under which the handler is mounted: `/app/api-keys`. Default `''`, the root. */
  readonly basePath?: string;
  /**
   * The origins whose pages may ask for changes: `['https://app.example.com']`. Default: the
   * target's own, as the browser tells. Needed where pages of another origin call the handler.
   */
  readonly origins?: readonly string[];
  /**
   * How many keys of an owner may live, that is, be neither revoked nor expired, for another to be
   * created. Rotation may take their number up to twice as many. Default 100.
   */
  readonly quota?: number;
  /** A second factor before create, rotate and revoke. Default none. */
  readonly stepUp?: StepUp;
  readonly brand?: Brand;
  /** Texts of the dashboard in the place of its own, by their names. */
  readonly texts?: Readonly<Record<string, string>>;
  /** The page for API consumers at `/guide`; `false` for none. */
  readonly guide?: GuideOptions | false;
  /**
   * Told what went wrong behind an answer of 500 or 503, or behind an export that broke off. Default:
   * `console.error`.
   */
  readonly onError?: (error: unknown, request: Request) => void;
  /** For the `state` of keys. Default: the wall clock. */
  readonly clock?: Clock;
}

/** The options, checked and with their defaults. */
export interface Settings {
  readonly keys: ApiKeys;
  readonly authorize: Authorize;
  readonly basePath: string;
  readonly origins: readonly string[] | undefined;
  readonly quota: number;
  readonly stepUp: StepUp | undefined;
  readonly brand: Brand;
  readonly texts: Readonly<Record<string, string>>;
  /** `undefined` where there is to be no page for API consumers. */
  readonly guide: GuideSettings | undefined;
  /** Tells the host what went wrong on its side. What its hook throws changes no answer. */
  readonly tell: (error: unknown, request: Request) => void;
  readonly clock: Clock;
}

const OPTIONS = [
  'keys',
  'authorize',
  'basePath',
  'origins',
  'quota',
  'stepUp',
  'brand',
  'texts',
  'guide',
  'onError',
  'clock',
];

/** @throws KeywrightError `invalid_argument` that names the option. */
export function settingsOf(options: ManagementOptions): Settings {
  checkFields(options, 'options', OPTIONS);
  const { keys, authorize, basePath = '', origins, quota = 100, stepUp } = options;
  const {
    brand = { name: 'API keys' },
    texts = {},
    guide = {},
    onError = report,
    clock = systemClock,
  } = options;
  if (typeof keys?.forOwner !== 'function') throw invalid('keys', 'must come from createApiKeys()');
  if (typeof authorize !== 'function') {
    throw invalid('authorize', 'must be a function: without it, anybody could make keys');
  }
  if (typeof onError !== 'function') throw invalid('onError', 'must be a function');
  if (typeof clock?.now !== 'function') throw invalid('clock.now', 'must be a function');
  return {
    keys,
    authorize,
    basePath: checkBasePath(basePath),
    origins: origins?.map(checkOrigin),
    quota: checkInteger(quota, 'quota', 1, 100_000),
    stepUp: checkStepUp(stepUp),
    brand: checkBrand(brand),
    texts: checkTexts(texts),
    guide: checkGuide(guide, keys.format),
    tell: (error, request) => {
      try {
        onError(error, request);
      } catch {}
    },
    clock,
  };
}

function checkBasePath(basePath: unknown): string {
  if (typeof basePath !== 'string' || !/^(?:\/[\w.~-]+)*$/.test(basePath)) {
    throw invalid('basePath', 'must be a path such as /app/api-keys, without a slash at its end');
  }
  return basePath;
}

function checkOrigin(origin: unknown, index: number): string {
  const argument = `origins[${index}]`;
  if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin) {
    throw invalid(
      argument,
      'must be an origin such as https://app.example.com, and nothing after it',
    );
  }
  return origin;
}

function checkBrand(brand: Brand): Brand {
  checkFields(brand, 'brand', ['name', 'apiBaseUrl', 'docsUrl']);
  checkText(brand.name, 'brand.name', 100);
  for (const name of ['apiBaseUrl', 'docsUrl'] as const) {
    const address = brand[name];
    // Pages make links of them, and a link may run a script.
    if (address !== undefined && !/^https?:\/\/\S+$/.test(address)) {
      throw invalid(`brand.${name}`, 'must be an http or https address');
    }
  }
  return { ...brand };
}

function checkTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text !== 'string') throw invalid(`texts.${name}`, 'must be a string');
  }
  return { ...texts };
}

function report(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: an error that nobody asked for must still be seen
  console.error(error);
}
