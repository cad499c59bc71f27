import { KeywrightKeys } from './element.ts';
import { define } from './part.ts';
import { TEXTS as OWN } from './texts.ts';

/** The texts of the dashboard by their names. */
export type DashboardTexts = Record<keyof typeof OWN, string>;

/** What the dashboard says where nothing else is given, to translate from. */
export const TEXTS: Readonly<DashboardTexts> = OWN;

/**
 * The dashboard as an element of a host's own page.
 *
 * @example
 * ```html
 * <script type="module">import 'keywright/dashboard';</script>
 * <keywright-keys base-path="/app/api-keys" theme="auto"></keywright-keys>
 * ```
 */
export interface KeywrightKeysElement extends HTMLElement {
  /**
   * Where the management handler is mounted: `/app/api-keys`, or a whole address. Attribute
   * `base-path`.
   */
  basePath: string;
  /** Texts in the place of the dashboard's own and of those that the handler has. As an attribute, JSON. */
  texts: Partial<DashboardTexts>;
  /**
   * `light`, `dark`, or `auto` for what the person's system says. Default: the `color-scheme` of the
   * page around it.
   */
  theme: 'light' | 'dark' | 'auto' | undefined;
  /** The level of its heading, 1 to 6. Default 2. Attribute `heading-level`. */
  headingLevel: number;
  /** Reads everything again, such as after signing in. */
  refresh(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'keywright-keys': KeywrightKeysElement;
  }
}

define('keywright-keys', KeywrightKeys);
