import { TEXTS as OWN } from '../texts/texts.ts';
import { KeywrightKeys } from './element.ts';
import { define } from './part.ts';

/** The texts of the dashboard by their names. */
export type DashboardTexts = Record<keyof typeof OWN, string>;

/** The default texts of the dashboard, as a base for translations. */
export const TEXTS: Readonly<DashboardTexts> = OWN;

/**
 * The dashboard as an element of a page of your own.
 *
 * @example
 * ```html
 * <script type="module">import 'keywright/dashboard';</script>
 * <keywright-keys base-path="/app/api-keys" theme="auto"></keywright-keys>
 * ```
 */
export interface KeywrightKeysElement extends HTMLElement {
  /**
   * The address of the management handler: a path such as `/app/api-keys`, or an absolute address.
   * Attribute `base-path`.
   */
  basePath: string;
  /**
   * Texts that replace the dashboard's own and those of the handler. As an attribute: JSON. Setting it
   * throws a `TypeError` for a name that `TEXTS` does not have.
   */
  texts: Partial<DashboardTexts>;
  /**
   * `light`, `dark`, or `auto` for the setting of the person's system. Default: the `color-scheme` of
   * the page around it.
   */
  theme: 'light' | 'dark' | 'auto' | undefined;
  /** The level of its heading, 1 to 6. Default 2. Attribute `heading-level`. */
  headingLevel: number;
  /** The address at which people sign in, linked when the session has ended. Attribute `sign-in-url`. */
  signInUrl: string | undefined;
  /**
   * Whether the tab and the filters are kept in the fragment of the page's address:
   * `#keys?state=revoked`. Leave it out if a router of yours uses the fragment. Attribute `uses-fragment`.
   */
  usesFragment: boolean;
  /** Reloads the session and everything else, for example after the person has signed in. */
  refresh(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'keywright-keys': KeywrightKeysElement;
  }
}

define('keywright-keys', KeywrightKeys);
