import { type Clock, systemClock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { checkFields, checkInteger, checkObject, pathOf } from '../fields.ts';
import { defined } from '../json.ts';
import { checkText } from '../service/arguments.ts';
import type { ApiKeys } from '../service/contract.ts';
import { Handles } from '../service/handle.ts';
import { checkAddress } from './address.ts';
import { checkGuide, type GuideOptions, type GuideSettings } from './guide/options.ts';
import { type FindsToken, tokenFinder } from './pasted-token.ts';
import type { Authorize } from './session.ts';
import { checkStepUp, type StepUp } from './step-up.ts';
import { languageTag } from './texts/language.ts';
import { problemOf } from './texts/text-names.ts';
import { legacyPatterns } from './token-pattern.ts';

/** The name and addresses of your product, shown in the dashboard and the guide. */
export interface Brand {
  /** Default `API keys`. */
  readonly name: string;
  /**
   * The address that code samples, and the test command shown with a new key, call with GET:
   * `https://api.example.com/v1/me`. If each environment has its own address, pass an object:
   * `{ live: 'https://api.example.com/v1/me' }`. An environment without an address has no test command.
   */
  readonly apiUrl?: string | Readonly<Record<string, string>>;
  /** The address of your documentation. The dashboard and the guide link to it. */
  readonly docsUrl?: string;
}

/** A service from `createApiKeys`, with any environments, scopes and metadata. */
export interface ManagedKeys extends Pick<ApiKeys, 'format' | 'scopes' | 'flush'> {
  /** Returns the keys of one owner. A request only reaches the keys of its session's owner. */
  forOwner(owner: string): object;
}

/** Options of `createManagement`. */
export interface ManagementOptions {
  /**
   * The service whose keys are managed. If its schema requires metadata, the request or `authorize`
   * must supply it.
   */
  readonly keys: ManagedKeys;
  /** Returns who sent a request, as your application's own session says. Required. */
  readonly authorize: Authorize;
  /** The path under which requests reach the handler: `/app/api-keys`. Default `''`, the root. */
  readonly basePath?: string;
  /**
   * The path under which browsers reach the handler, if a proxy rewrites it: `/app/api-keys` if the
   * proxy strips `/app` and `basePath` is `/api-keys`. Default: the path at which the handler is mounted.
   */
  readonly publicPath?: string;
  /**
   * The origins whose pages may send changes: `['https://app.example.com']`. Default: only the
   * handler's own origin, as the browser reports it. Set it if pages of another origin call the handler.
   */
  readonly origins?: readonly string[];
  /**
   * The maximum number of living keys per owner. A key lives until it is revoked or expires. An owner at
   * the quota cannot create keys, but can rotate up to twice the quota. Default 100.
   */
  readonly quota?: number;
  /** A second factor for create, rotate, revoke, and updates that let a key do more. Default: none. */
  readonly stepUp?: StepUp;
  /**
   * Where people sign in: a path, or an `http` or `https` address. The dashboard links to it when the
   * session has ended. Default: no link.
   */
  readonly signInUrl?: string;
  /**
   * The expiry that the dashboard preselects for a new key, in milliseconds from its creation.
   * Default: no expiry. It does not apply to the API.
   */
  readonly defaultExpiryMs?: number;
  readonly brand?: Brand;
  /** Texts that replace the dashboard's own, by name. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Options of the guide for API consumers at `/guide`. `false` turns the page off. */
  readonly guide?: GuideOptions | false;
  /**
   * Called with the error behind a 500 or 503 response, or behind an export that broke off. Default:
   * `console.error`.
   */
  readonly onError?: (error: unknown, request: Request) => void;
  /** The clock for the `state` of keys and for checks of expiry. Default: system time. */
  readonly clock?: Clock;
}

/** {@link Brand}, with the address of each environment that has one. */
interface BrandSettings extends Omit<Brand, 'apiUrl'> {
  readonly apiUrls: Readonly<Record<string, string>>;
}

/** The options, checked and with their defaults. */
export interface Settings {
  readonly keys: ApiKeys;
  /** Regular expressions that find tokens of legacy formats in a text. */
  readonly legacyPatterns: readonly string[];
  readonly findsToken: FindsToken;
  readonly authorize: Authorize;
  readonly basePath: string;
  readonly publicPath: string | undefined;
  readonly origins: readonly string[] | undefined;
  readonly quota: number;
  readonly stepUp: StepUp | undefined;
  readonly signInUrl: string | undefined;
  readonly defaultExpiryMs: number | undefined;
  readonly brand: BrandSettings;
  readonly texts: Readonly<Record<string, string>>;
  /** `undefined` if the guide is turned off. */
  readonly guide: GuideSettings | undefined;
  /** Calls `onError`. An error thrown by the hook does not change the response. */
  readonly reportError: (error: unknown, request: Request) => void;
  readonly clock: Clock;
}

const MAX_EXPIRY_MS = 10 * 365 * 86_400_000;

const OPTIONS = [
  'keys',
  'authorize',
  'basePath',
  'publicPath',
  'origins',
  'quota',
  'stepUp',
  'signInUrl',
  'defaultExpiryMs',
  'brand',
  'texts',
  'guide',
  'onError',
  'clock',
];

/** @throws KeywrightError `invalid_argument` that names the option. */
export function settingsOf(options: ManagementOptions): Settings {
  checkFields(options, 'options', OPTIONS);
  const { keys, authorize, basePath = '', publicPath, origins, quota = 100 } = options;
  const { stepUp, signInUrl, defaultExpiryMs } = options;
  const {
    brand = { name: 'API keys' },
    texts = {},
    guide = {},
    onError = report,
    clock = systemClock,
  } = options;
  if (typeof keys?.forOwner !== 'function') throw invalid('keys', 'must come from createApiKeys()');
  if (typeof authorize !== 'function') {
    throw invalid('authorize', 'must be a function: it decides who may manage which keys');
  }
  if (typeof onError !== 'function') throw invalid('onError', 'must be a function');
  if (typeof clock?.now !== 'function') throw invalid('clock.now', 'must be a function');
  // The application may have replaced `authenticate` with a function of its own.
  const { authenticate = {} } = keys as ManagedKeys & Partial<ApiKeys>;
  const patterns = legacyPatterns(Handles.of(authenticate)?.service.legacy ?? []);
  return {
    // Values from requests have no static type: the service checks them against its schema.
    keys: keys as ManagedKeys & ApiKeys,
    legacyPatterns: patterns,
    findsToken: tokenFinder(keys.format, patterns),
    authorize,
    basePath: checkPath(basePath, 'basePath'),
    publicPath: publicPath === undefined ? publicPath : checkPath(publicPath, 'publicPath'),
    origins: origins?.map(checkOrigin),
    quota: checkInteger(quota, 'quota', 1, 100_000),
    stepUp: checkStepUp(stepUp),
    signInUrl: signInUrl === undefined ? undefined : checkAddress(signInUrl, 'signInUrl'),
    defaultExpiryMs:
      defaultExpiryMs === undefined
        ? undefined
        : checkInteger(defaultExpiryMs, 'defaultExpiryMs', 1, MAX_EXPIRY_MS),
    brand: checkBrand(brand, keys.format.environments),
    texts: checkTexts(texts),
    guide: checkGuide(guide),
    reportError: (error, request) => {
      try {
        onError(error, request);
      } catch {}
    },
    clock,
  };
}

/** @throws KeywrightError `invalid_argument` */
export function checkPath(path: unknown, argument: string): string {
  // The URL parser removes dot segments, so no request could match such a path.
  if (typeof path !== 'string' || !/^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)*$/.test(path)) {
    throw invalid(argument, 'must be a path such as /app/api-keys, without a slash at its end');
  }
  return path;
}

function checkOrigin(origin: unknown, index: number): string {
  const argument = `origins[${index}]`;
  if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin) {
    throw invalid(argument, 'must be an origin such as https://app.example.com, without a path');
  }
  return origin;
}

function checkBrand(brand: Brand, environments: readonly string[]): BrandSettings {
  checkFields(brand, 'brand', ['name', 'apiUrl', 'docsUrl']);
  const { name, apiUrl = {}, docsUrl } = brand;
  checkText(name, 'brand.name', 100);
  if (docsUrl !== undefined) checkUrl(docsUrl, 'brand.docsUrl');
  if (typeof apiUrl === 'string') {
    const url = checkUrl(apiUrl, 'brand.apiUrl');
    const apiUrls = Object.fromEntries(environments.map((environment) => [environment, url]));
    return { name, apiUrls, ...defined({ docsUrl }) };
  }
  checkFields(apiUrl, 'brand.apiUrl', environments);
  for (const [environment, url] of Object.entries(apiUrl)) {
    checkUrl(url, `brand.apiUrl.${environment}`);
  }
  return { name, apiUrls: { ...apiUrl }, ...defined({ docsUrl }) };
}

function checkUrl(url: unknown, option: string): string {
  // Pages link to the address, and a `javascript:` link would run a script.
  if (typeof url !== 'string' || !/^https?:\/\/\S+$/.test(url)) {
    throw invalid(option, 'must be an http or https address');
  }
  return url;
}

function checkTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  checkObject(texts, 'texts');
  const wrong = problemOf(texts);
  if (wrong !== undefined) throw invalid(pathOf('texts', wrong.name), wrong.problem);
  const language = texts.language === undefined ? undefined : languageTag(texts.language);
  return { ...texts, ...defined({ language }) };
}

function report(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: errors must be visible if there is no hook
  console.error(error);
}
